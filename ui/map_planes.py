"""The choice of the plane on which the map is drawn, and t-SNE and UMAP in the background."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from ui import map_data, option_form, words
from ui.map_data import PAIR, PRINCIPAL, TSNE, UMAP, Opened, Places
from vae.errors import UserError

POLL_SECONDS = 0.5
MEANING = {
    TSNE: "neighbours stay together; distances between groups and their sizes mean nothing",
    UMAP: "neighbours and some of the coarse shape stay; distances have no unit",
}
PHASES = {
    "waiting": "waiting for another projection",
    "preparing": "finding neighbours",
    "arranging": "arranging",
}


@dataclass(frozen=True)
class Missing:
    """A projection that was asked for and is not there yet."""

    kind: str
    key: str
    """Of its job."""
    loc: np.ndarray
    """What is to be projected, (N, z_dim)."""
    options: Any


def choose_plane(model: Opened) -> tuple[Places, Missing | None]:
    """Draw the menus of the plane; return it, and what is to be computed before it can be shown."""
    kinds = map_data.planes(model.z_dim)
    if len(kinds) == 1:
        return map_data.pair_plane(model, 0, min(1, model.z_dim - 1)), None
    kind = st.selectbox(
        "Plane",
        kinds,
        key="map_plane",
        persist_state="session",
        width=150,
        help="PCA: the two directions of largest variance. t-SNE and UMAP are computed on request.",
    )
    if kind == PAIR:
        return map_data.pair_plane(model, *choose_pair(model, "map_plane")), None
    if kind == PRINCIPAL:
        return map_data.principal_places(model), None
    return _projected(model, kind)


def choose_pair(model: Opened, key: str) -> tuple[int, int]:
    """Let the visitor choose two dimensions, the most informative first."""
    order = map_data.dimension_order(model)
    shown = {"format_func": lambda k: f"z{k + 1}", "width": 84, "persist_state": "session"}
    # options of another model's dimensions would keep a stale value
    x = st.selectbox("Across", order, 0, key=f"{key}_x_{model.z_dim}", **shown)
    others = [k for k in order if k != x]
    y = st.selectbox("Upwards", others, 0, key=f"{key}_y_{model.z_dim}", **shown)
    return x, y if y is not None and y != x else others[0]


def _projected(model: Opened, kind: str) -> tuple[Places, Missing | None]:
    from vae import projection, projection_jobs

    cls = projection.PROJECTIONS["tsne" if kind == TSNE else "umap"]
    asked = option_form.widgets(cls)
    try:
        with st.popover("Parameters", width=150):
            raw = option_form.draw(asked, f"map_{cls.name}")
        options = option_form.build(cls, option_form.values(asked, raw), kind)
        rows = options.rows(len(model.atlas.label))
        loc = model.atlas.loc[rows]
        key = projection_jobs.key_of(loc, options)
        status = projection_jobs.status(key)
        if status.state == "finished":
            note = f"{kind}, {_parameters(options, len(rows), model)}: {MEANING[kind]}"
            xy = projection_jobs.result(key)
            return map_data.projected_places(model, kind, key, xy, rows, note), None
    except UserError as error:
        st.error(words.plain(str(error)))
        return map_data.principal_places(model), None
    return map_data.principal_places(model), Missing(kind, key, loc, options)


def offer(missing: Missing) -> None:
    """Offer to compute the projection that was asked for, or show how far it is."""
    from vae import projection_jobs

    status = projection_jobs.status(missing.key)
    if status.state == "running":
        _progress(missing)
        return
    for trouble in filter(None, (status.error, st.session_state.pop("map_trouble", None))):
        st.error(words.plain(f"{missing.kind}: {trouble}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        # no callback: it would start what the draw before this one had asked for
        pressed = st.button(f"Compute {missing.kind}", type="primary")
        st.caption(
            f"{missing.kind} is computed in the background and kept; the map shows PCA until then."
        )
    if pressed:
        _start(missing)


def _start(missing: Missing) -> None:
    from vae import projection_jobs

    try:
        projection_jobs.start(missing.loc, missing.options)
    except UserError as error:
        st.error(words.plain(f"{missing.kind}: {error}"))
        return
    st.rerun()


def _cancel(key: str) -> None:
    from vae import projection_jobs

    try:
        projection_jobs.cancel(key)
    except UserError as error:
        st.session_state["map_trouble"] = str(error)


@st.fragment(run_every=POLL_SECONDS)
def _progress(missing: Missing) -> None:
    from vae import projection_jobs

    status = projection_jobs.status(missing.key)
    if status.state != "running":
        st.rerun()
    left = "" if status.remaining is None else f" · about {status.remaining:.0f} s left"
    with st.container(horizontal=True, vertical_alignment="center"):
        phase = PHASES.get(status.phase, status.phase)
        said = f"{missing.kind}: {phase}, {status.seconds:.0f} s{left}"
        st.progress(min(1.0, max(0.0, status.progress)), said)
        st.button("Stop", on_click=_cancel, args=(missing.key,), key="map_stop_projection")


def _parameters(options: object, count: int, model: Opened) -> str:
    values = asdict(options)
    values.pop("count", None)
    said = [f"{name.replace('_', ' ')} {value:g}" for name, value in values.items()]
    return " · ".join([*said, f"{count:,} of {len(model.atlas.label):,} images"])
