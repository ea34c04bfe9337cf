"""How many clusters to take: the BIC of Gaussian mixtures of more and more components."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from ui import collapse, waiting, words
from ui.components.chart import chart
from ui.figures.curves import bic_line
from ui.map.data import Opened
from ui.work import Key, find, start

if TYPE_CHECKING:
    from vae.latent.clusters import BicPoint

LARGEST_K = 20


def curve(model: Opened, options: Any) -> None:
    """Draw the BIC curve, or offer to compute it."""
    if (said := collapse.line(model.name)) is not None:
        st.caption(words.plain(f"No curve. {said}"))
        return
    covariance = getattr(options, "covariance", "full")
    most = min(LARGEST_K, len(model.atlas.label) // 2)
    ks = tuple(range(1, most + 1))
    key = ("bic", model.version, covariance, most)
    work = find(key)
    if work is None:
        st.button("Compute the BIC curve", on_click=_start, args=(model, key, covariance, ks))
        st.caption(
            f"BIC weighs the fit of a Gaussian mixture against its size, for k = 1 … {most}."
        )
        return
    if not work.done:
        waiting.unfinished(
            work, "BIC of one mixture after another", lambda found: _draw(found, covariance)
        )
    if work.found and not work.running:
        _draw(list(work.found), covariance)


def _start(model: Opened, key: Key, covariance: str, ks: tuple[int, ...]) -> None:
    loc = model.atlas.loc
    start(key, lambda done: _steps(loc, covariance, ks[done:]), len(ks))


def _steps(loc: np.ndarray, covariance: str, ks: tuple[int, ...]) -> Iterator["BicPoint"]:
    from vae.latent import clusters

    yield from clusters.bic_curve(loc, ks, covariance=covariance)


def _draw(points: list["BicPoint"], covariance: str) -> None:
    ks, values = [point.k for point in points], [point.bic for point in points]
    least = ks[int(np.argmin(values))]
    said = f"BIC is least at k = {least} of {ks[0]} … {ks[-1]}"
    chart(bic_line(ks, values), key="map_bic", alt=said, height="260px")
    notes = [f"k = {point.k}: {point.note}" for point in points if point.note]
    where = f"{points[0].count:,} images drawn at random, {covariance} covariances, seed 0"
    st.caption(" · ".join([f"{said} (lower is better)", where, *notes[:2]]))
