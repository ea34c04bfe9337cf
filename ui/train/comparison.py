"""Curves of several runs side by side: chosen in the list of runs, drawn in one picture."""

import streamlit as st

from ui import words
from ui.components.chart import chart
from ui.figures.run_curves import RunCurve, colour_of, run_curves
from ui.state import held
from vae.runs import watch
from vae.runs.watch import RunView

KEY = "train.compare"
MOST = 4


def choose(runs: list[RunView]) -> None:
    """Let the visitor choose two to four runs, where there are so many that have begun."""
    names = [run.id for run in runs if run.step]
    if len(names) < 2:
        return
    st.multiselect(
        "Compare curves",
        names,
        key=KEY,
        max_selections=MOST,
        placeholder="two to four runs",
        help="Their −ELBO on validation images is drawn in one picture, below the view of the run.",
    )


def draw(runs: list[RunView]) -> None:
    """Draw the curves of the chosen runs; nothing where fewer than two are chosen."""
    there = {run.id: run for run in runs}
    chosen = [there[name] for name in held(KEY) or [] if name in there]
    if len(chosen) < 2:
        return
    curves = [curve_of(run) for run in chosen]
    ends = [f"{one.name} {words.number(one.values[-1])}" for one in curves if one.values]
    said = f"Curves of {len(curves)} runs; −ELBO at the end, nats: {', '.join(ends)}"
    names = [(words.plain(one.name), colour_of(i)) for i, one in enumerate(curves)]
    st.markdown("**Curves of the chosen runs**")
    chart(run_curves(curves), key="train_compare", alt=said, height="300px", legend=names)
    st.caption(
        "−ELBO (for an autoencoder −log p(x|z)) on the validation images of each run's data set; "
        "runs on the same images can be compared."
    )


def curve_of(run: RunView) -> RunCurve:
    """Read what a run reached on validation images; for an autoencoder its reconstructions."""
    lines, _ = watch.metrics(run.path)
    found = []
    for line in lines:
        score = line.validation
        value = score.elbo if score.elbo is not None else score.reconstruction
        if value is not None and line.epoch is not None:
            found.append((line.epoch, -value))
    return RunCurve(run.id, [epoch for epoch, _ in found], [value for _, value in found])
