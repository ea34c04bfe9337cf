"""What quick measures found for a model, kept for all visitors by the version of its file."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from ui import resources
from ui.resources import Version, datasets
from vae.errors import UserError
from vae.measures.registry import MEASURES, Measured, RateDistortion, Subject


class Found(NamedTuple):
    """What a measure found, and what each of its quantities stands on."""

    measured: Measured
    grounds: dict[str, tuple[str, ...]]


def subject(model: str, binarize: str) -> Subject | None:
    """Make a model the subject of comparisons; None where its images are not on this machine."""
    from vae.measures.comparison import subject_of

    dataset = datasets.of_model(model)
    if dataset is None:
        return None
    checkpoint = resources.checkpoint(model)
    return subject_of(checkpoint, dataset, str(checkpoint.dataset["split"]), binarize)


def quick(model: str, measure: str, binarize: str = "none") -> Found | str:
    """Measure a model by the name of a quick measure; a clause where that cannot be done."""
    return _quick(resources.version(model), model, measure, binarize)


@st.cache_resource(max_entries=512, show_spinner=False)
def _quick(found: Version, _model: str, measure: str, binarize: str) -> Found | str:
    whole = subject(_model, binarize)
    if whole is None:
        return "its images are not on this machine"
    chosen = MEASURES[measure]()
    try:
        measured = chosen(whole.some(chosen.most_images))
    except UserError as error:
        return str(error)
    return Found(measured, grounds(measure, whole))


def refusals(model: str, binarize: str) -> dict[str, str]:
    """Say of each quick measure that has no meaning for a model why not, before any is taken."""
    return _refusals(resources.version(model), model, binarize)


@st.cache_resource(max_entries=256, show_spinner=False)
def _refusals(found: Version, _model: str, binarize: str) -> dict[str, str]:
    whole = subject(_model, binarize)
    if whole is None:
        return {}
    quick = {name: cls() for name, cls in MEASURES.items() if not cls.is_slow}
    said = {name: measure.refusal(whole) for name, measure in quick.items()}
    return {name: reason for name, reason in said.items() if reason is not None}


def grounds(measure: str, whole: Subject) -> dict[str, tuple[str, ...]]:
    """Say of each quantity of a measure what it stands on."""
    return {
        quantity.name: quantity.reading.grounds_of(whole)
        for quantity in MEASURES[measure].quantities
    }


def at_beta(model: str, beta: float, binarize: str) -> tuple[float, float]:
    """Return rate and distortion of a model that is told β at one β, nats per image."""
    return _at_beta(resources.version(model), model, beta, binarize)


@st.cache_resource(max_entries=512, show_spinner=False)
def _at_beta(found: Version, _model: str, beta: float, binarize: str) -> tuple[float, float]:
    whole = subject(_model, binarize)
    if whole is None:
        raise UserError("its images are not on this machine")
    told = RateDistortion()(replace(whole, model=resources.checkpoint(_model).model.at(beta)))
    rate, distortion = (told.estimates[name].value for name in ("rate", "distortion"))
    assert rate is not None and distortion is not None, "a model that is told β has both"
    return rate, distortion
