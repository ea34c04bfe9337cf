"""What several models of one configuration have in common, computed once for all visitors.

Every cache is keyed by the versions of the models' files.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import resources
from ui.resources import Version
from vae.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vae.jobs.measures import Order
    from vae.measures.retraining.findings import Survival


def survival(paths: "Sequence[Path]") -> "Survival":
    """Hold the maps of models together; `UserError` where that has no meaning."""
    return _survival(versions(paths))


def versions(paths: "Sequence[Path]") -> tuple[Version, ...]:
    """Tell which versions of files there are now; `UserError` where one has gone."""
    found = [resources.version_of(path) for path in paths]
    if not all(found):
        raise UserError("a model of this sweep has just gone; draw the page again")
    return tuple(version for version in found if version)


def metrics(path: Path) -> dict[str, Any]:
    """Return what a model's file says that it reaches."""
    (found,) = versions([path])
    measured: dict[str, Any] = _header(found)["metrics"]
    return measured


def nll_order(path: Path, dataset: str) -> "Order":
    """Describe the job that measures a model's NLL; `UserError` where the images are not here."""
    (found,) = versions([path])
    return _order(found, dataset)


def nll_refusal(path: Path, dataset: str) -> str | None:
    """Say in a clause why the NLL of a model has no meaning; None where it has one."""
    (found,) = versions([path])
    return _prospect(found, dataset)[0]


def nll_seconds(path: Path, dataset: str) -> float:
    """Predict how long measuring a model's NLL takes, by timing a few images."""
    (found,) = versions([path])
    return _prospect(found, dataset)[1]


@st.cache_resource(max_entries=16, show_spinner=False)
def _survival(found: tuple[Version, ...]) -> "Survival":
    from vae.measures.retraining import findings

    return findings.survival([resources.opened(version) for version in found])


@st.cache_resource(max_entries=256, show_spinner=False)
def _header(found: Version) -> dict[str, Any]:
    from vae import checkpoint

    return checkpoint.read_header(found.path)


@st.cache_resource(max_entries=256, show_spinner=False)
def _order(found: Version, dataset: str) -> "Order":
    from ui.resources import datasets
    from vae.runs.retraining import nll_order

    model = resources.opened(found).model
    return nll_order(Path(found.path), model, datasets.by_name(dataset))


@st.cache_resource(max_entries=256, show_spinner=False)
def _prospect(found: Version, dataset: str) -> tuple[str | None, float]:
    from vae.jobs import measures
    from vae.measures.registry import MEASURES
    from vae.options import from_json

    wanted = _order(found, dataset)
    measure, subject = from_json(MEASURES, wanted.measure, "measure"), measures.subject_of(wanted)
    reason = measure.refusal(subject)
    return reason, 0.0 if reason else measure.seconds(subject)
