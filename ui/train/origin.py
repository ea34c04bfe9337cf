"""The choice of a model whose weights a new run starts from, among those that fit."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import resources
from ui.train.parts import KEY
from vae.errors import UserError

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig

START_FROM = f"{KEY}.start_from"
RANDOM = "random weights"


def choose(place: "DeltaGenerator", model: "VAEConfig", training: "TrainConfig") -> str | None:
    """Let the visitor choose in a place kept for it; None for random weights."""
    found = [] if training.objective.at_once else fitting(model)
    if not found:
        return None
    with place:
        chosen: str | None = st.selectbox(
            "Start from",
            [None, *found],
            format_func=lambda name: RANDOM if name is None else name,
            key=START_FROM,
            help="The weights that the first step finds: random ones, or those of a model of the "
            "same networks, whatever images it learnt from. The other settings stay those of this "
            "form.",
            persist_state="session",
        )
    return chosen


def fitting(model: "VAEConfig") -> list[str]:
    """List the models of the library whose weights fit."""
    from vae.models.config import VAEConfig
    from vae.training.inherit import difference

    found = []
    for name in resources.library():
        try:
            theirs = VAEConfig.from_json(resources.header(name)["model"])
        except UserError:
            continue
        if difference(theirs, model) is None:
            found.append(name)
    return found
