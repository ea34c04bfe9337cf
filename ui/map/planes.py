"""The choice of the plane on which the map is drawn, and t-SNE and UMAP in the background."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from ui import collapse, navigation, option_form, words
from ui.map import data, places
from ui.map import options as map_options
from ui.map.address import MapAddress, menu
from ui.map.data import PAIR, PRINCIPAL, TSNE, UMAP, Opened
from ui.map.places import Places
from ui.map.state import MapState
from ui.state import put
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
    """A projection that was asked for and is not there."""

    kind: str
    trouble: str = ""
    """Why it cannot be computed, in a sentence; empty where it can."""
    key: str = ""
    """Of its job."""
    loc: np.ndarray | None = None
    """What is to be projected, (N, z_dim); None where it cannot be."""
    options: Any = None


def choose_kind(model: Opened) -> str:
    """Draw the menu of the plane's kind, where there is a choice."""
    kinds = data.planes(model.z_dim)
    if len(kinds) == 1:
        return kinds[0]
    meaning = "PCA: the two directions of largest variance. t-SNE and UMAP are computed on request."
    return menu("plane", "Plane", kinds, "map_plane", help=meaning)


def has_settings(model: Opened, kind: str) -> bool:
    """Whether a kind of plane has settings of its own."""
    return model.z_dim > 2 and kind != PRINCIPAL


def choose_plane(model: Opened, kind: str) -> tuple[Places, Missing | None]:
    """Draw the plane's settings; return it, and what is to be computed before it can be shown."""
    if kind == PRINCIPAL:
        return places.principal_places(model), None
    if kind != PAIR:
        return _projected(model, kind)
    if model.z_dim <= 2:
        return places.pair_plane(model, 0, min(1, model.z_dim - 1)), None
    return places.pair_plane(model, *choose_pair(model, "map_plane")), None


def choose_pair(model: Opened, key: str) -> tuple[int, int]:
    """Let the visitor choose two dimensions, the most informative first."""
    order = data.dimension_order(model)
    _pair_of_address(model, order, key)
    # options of another model's dimensions would keep a stale value
    x = _dimension("Across", order, f"{key}_x_{model.z_dim}")
    others = [k for k in order if k != x]
    y = _dimension("Upwards", others, f"{key}_y_{model.z_dim}")
    y = y if y in others else others[0]
    MapAddress().keep("dims", f"{x + 1},{y + 1}", f"{order[0] + 1},{order[1] + 1}")
    return x, y


def _pair_of_address(model: Opened, order: list[int], key: str) -> None:
    address = MapAddress()
    text = address.take("dims")
    if text is None:
        return
    pairs = {f"{x + 1},{y + 1}": (x, y) for x in order for y in order if x != y}
    if text not in pairs:
        address.refuse("dims", text, f"choose two of 1 to {model.z_dim}, as in dims=1,2")
        return
    for side, dim in zip("xy", pairs[text], strict=True):
        put(f"{key}_{side}_{model.z_dim}", dim)


def _projected(model: Opened, kind: str) -> tuple[Places, Missing | None]:
    from vae.jobs import projections
    from vae.latent import projection

    cls = projection.PROJECTIONS["tsne" if kind == TSNE else "umap"]
    asked = option_form.widgets(cls)
    try:
        raw = map_options.draw(asked, f"map_{cls.name}", "projection")
        options = option_form.build(cls, option_form.values(asked, raw), kind)
        if collapse.line(model.name) is not None:
            trouble = "nearly equal codes have no structure that it could show."
            return places.principal_places(model), Missing(kind, trouble)
        rows = options.rows(len(model.atlas.label))
        loc = model.atlas.loc[rows]
        key = projections.key_of(loc, options)
        status = projections.status(key)
        if status.state == "finished":
            note = f"{kind}, {_parameters(options)}: {MEANING[kind]}"
            xy = projections.result(key)
            return places.projected_places(model, kind, key, xy, rows, note), None
    except UserError as error:
        return places.principal_places(model), Missing(kind, str(error))
    if navigation.read_only():
        trouble = "it has not been computed yet, and on this server visitors only look."
        return places.principal_places(model), Missing(kind, trouble)
    return places.principal_places(model), Missing(kind, "", key, loc, options)


def offer(missing: Missing | None) -> None:
    """Offer to compute the projection that was asked for, or show how far it is."""
    from vae.jobs import projections

    if missing is None:
        return
    if missing.trouble:
        st.warning(words.plain(f"No {missing.kind}, the map shows PCA: {missing.trouble}"))
        return
    status = projections.status(missing.key)
    if status.state == "running":
        _progress(missing)
        return
    for trouble in filter(None, (status.error, MapState().said())):
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
    from vae.jobs import projections

    assert missing.loc is not None, "offered only where there is something to project"
    try:
        projections.start(missing.loc, missing.options)
    except UserError as error:
        st.error(words.plain(f"{missing.kind}: {error}"))
        return
    st.rerun()


def _cancel(key: str) -> None:
    from vae.jobs import projections

    try:
        projections.cancel(key)
    except UserError as error:
        MapState().say(str(error))


@st.fragment(run_every=POLL_SECONDS)
def _progress(missing: Missing) -> None:
    from vae.jobs import projections

    status = projections.status(missing.key)
    if status.state != "running":
        st.rerun()
    left = "" if status.remaining is None else f" · about {status.remaining:.0f} s left"
    with st.container(horizontal=True, vertical_alignment="center"):
        phase = PHASES.get(status.phase, status.phase)
        said = f"{missing.kind}: {phase}, {status.seconds:.0f} s{left}"
        st.progress(min(1.0, max(0.0, status.progress)), said)
        st.button("Stop", on_click=_cancel, args=(missing.key,), key="map_stop_projection")


def _dimension(label: str, dims: list[int], key: str) -> int:
    held = st.selectbox(
        label, dims, 0, format_func=lambda dim: f"z{dim + 1}", key=key, persist_state="session"
    )
    return dims[0] if held is None else held


def _parameters(options: Any) -> str:
    values = asdict(options)
    values.pop("count", None)
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in values.items())
