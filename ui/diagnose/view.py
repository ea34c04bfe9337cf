"""The body of the page: the component, told anew while something is being computed."""

from typing import Any

import streamlit as st

from ui import first_pictures, resources, words, work
from ui.diagnose import evidence, findings, likelihood, measuring
from ui.diagnose.component import diagnose
from ui.resources import datasets, payloads
from ui.resources.payloads import decoder_kind
from ui.state import said_by
from vae.errors import UserError

KEY = "diagnose"
POLL_SECONDS = 0.5


def view(model: str) -> None:
    """Draw the component; it is told anew as long as something is on its way."""
    every = _every(model)
    st.fragment(_show, run_every=every)(model, every)


def prepare_pictures(model: str) -> None:
    """Make ready what the first image under the microscope needs."""
    payloads.prepare(model, decoder_kind(model), "encoder", "points")
    datasets.originals(model)


def _show(model: str, every: float | None) -> None:
    told = data(model, _begun(model))
    diagnose(model, told, key=KEY, on_asked=lambda: hear(model))
    if _every(model) != every:
        st.rerun()


def _every(model: str) -> float | None:
    """Return after how many seconds to look again; None where nothing is on its way."""
    done = _begun(model)
    if done is None:
        return first_pictures.LOOK_SECONDS
    return POLL_SECONDS if done.running or likelihood.running(model) else None


def _begun(model: str) -> work.Work | None:
    """Return what is measured of a model; None until its first pictures stand, if work is left."""
    known = work.find(measuring.key(model))
    if known is not None and known.done:
        return known
    return measuring.measured(model) if first_pictures.stand(KEY, model) else None


def data(model: str, done: work.Work | None) -> dict[str, Any]:
    """Collect what is known so far."""
    header = resources.header(model)
    found = {} if done is None else measuring.found_of(done)
    count = likelihood.found(model, found.get(measuring.PROSPECT))
    lines = [*findings.findings(header, found), findings.likelihood(count)]
    return {
        "findings": [line.to_json() for line in lines],
        "evidence": {**evidence.evidence(header, found), "likelihood": count},
        "measured": _measured(header, found),
        "working": "measuring …" if done is None or done.running else done.error or "",
    }


def _measured(header: dict[str, Any], found: dict[str, Any]) -> str:
    split = str(header["dataset"].get("split") or "held-out")
    terms = found.get(measuring.IMAGES)
    if terms is not None:
        return f"{words.CAPTION_OF_SPLIT.format(split=split, count=len(terms.log_px))}"
    return f"{split} images · their pixels are not on this machine"


def hear(model: str) -> None:
    """Begin or stop what the component asks for."""
    asked = said_by(KEY).get("asked")
    if not isinstance(asked, dict) or asked.get("model") != model:
        return
    size = likelihood.SIZES.get(str(asked.get("size")))
    try:
        if asked.get("do") == "measure" and size is not None:
            likelihood.start(model, size)
        if asked.get("do") == "stop":
            likelihood.stop(model)
    except UserError as error:
        st.toast(words.plain(str(error)))
