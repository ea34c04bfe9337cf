"""The body of the page: the component, told anew while something is being computed."""

from typing import Any

import streamlit as st

from ui import resources, words, work
from ui.diagnose import evidence, findings, likelihood, measuring
from ui.diagnose.component import diagnose
from ui.state import said_by
from vae.errors import UserError

KEY = "diagnose"
POLL_SECONDS = 0.5


def view(model: str) -> None:
    """Draw the component; it is told anew as long as something is on its way."""
    busy = measuring.measured(model).running or bool(likelihood.running(model))
    st.fragment(_show, run_every=POLL_SECONDS if busy else None)(model, busy)


def _show(model: str, busy: bool) -> None:
    done = measuring.measured(model)
    told = data(model, done)
    diagnose(model, told, key=KEY, on_asked=lambda: hear(model))
    if (done.running or told["evidence"]["likelihood"]["state"] == "running") != busy:
        st.rerun()


def data(model: str, done: work.Work) -> dict[str, Any]:
    """Collect what is known so far."""
    header, found = resources.header(model), measuring.found_of(done)
    count = likelihood.found(model, found.get(measuring.PROSPECT))
    lines = [*findings.findings(header, found), findings.likelihood(count)]
    return {
        "findings": [line.to_json() for line in lines],
        "evidence": {**evidence.evidence(header, found), "likelihood": count},
        "measured": _measured(header, found),
        "working": "measuring …" if done.running else done.error or "",
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
