"""Measuring the NLL of a sweep's runs: the time told before the press, then the progress."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import navigation, words
from ui.compare.sweeps import likelihood
from ui.compare.sweeps.progress import act_on
from ui.compare.sweeps.state import SweepState
from ui.resources import datasets

if TYPE_CHECKING:
    from ui.compare.sweeps.likelihood import Count
    from vae.sweep import Sweep

POLL_SECONDS = 1.0


def measuring(sweep: "Sweep", known: "Count", state: SweepState) -> None:
    """Offer to measure the NLL of the runs that lack it, or show how far that is."""
    if known.running:
        st.fragment(_running, run_every=POLL_SECONDS)(sweep, len(known.found), state)
        return
    if known.error:
        st.warning(words.plain(known.error))
    paths = likelihood.missing(sweep, known)
    if paths and not navigation.read_only():
        about = words.duration(max(1.0, likelihood.seconds(sweep, paths)))
        runs = f"{len(paths)} run{'s' * (len(paths) > 1)}"
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button("Measure the NLL", key="sweep.nll", type="primary")
            st.caption(words.plain(f"Of {runs}, {measured_on(sweep)}: about {about}."))
        if pressed:
            act_on(state, lambda: likelihood.start(sweep, paths))


def measured_on(sweep: "Sweep") -> str:
    """Say which images and how many draws the NLL takes."""
    from vae.runs.retraining import IMAGES, SAMPLES, SPLIT

    count = min(IMAGES, len(datasets.by_name(sweep.dataset).split(SPLIT)))
    return f"{count:,} {SPLIT} images and {SAMPLES:,} samples each"


def _running(sweep: "Sweep", before: int, state: SweepState) -> None:
    known = likelihood.count(sweep)
    if not known.running or len(known.found) != before:
        st.rerun()
    left = "" if known.remaining is None else f", {words.duration(known.remaining)} left for this"
    st.progress(
        known.progress, text=f"NLL of {len(known.found)} of {known.total} runs measured{left}"
    )
    if not navigation.read_only() and st.button("Stop", key="sweep.nll.stop"):
        act_on(state, lambda: likelihood.stop(sweep))
