"""What is predicted of training runs before they begin, computed once for all visitors."""

import json
from typing import TYPE_CHECKING

import streamlit as st

from vae.errors import UserError

if TYPE_CHECKING:
    from vae.runs.estimate import Estimate
    from vae.runs.watch import RunView


def predicted(run: "RunView") -> "Estimate | None":
    """Predict how long a run takes in all; None where its settings do not say."""
    wanted = {key: run.config.get(key) for key in ("dataset", "model", "training")}
    try:
        return _predicted(json.dumps(wanted))
    except UserError:
        return None


@st.cache_resource(max_entries=256, show_spinner=False)
def _predicted(text: str) -> "Estimate":
    from vae import data
    from vae.models.config import VAEConfig
    from vae.runs.estimate import estimate
    from vae.training.config import TrainConfig

    said = json.loads(text)
    model, training = VAEConfig.from_json(said["model"]), TrainConfig.from_json(said["training"])
    return estimate(data.find(str(said["dataset"])).counts, model, training)
