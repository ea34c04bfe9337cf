"""The aggregate posterior against the prior: on a plane, holes in it, one dimension at a time."""

from typing import Any

import numpy as np
import streamlit as st

from ui import map_data, map_pictures, map_planes, plots, resources
from ui.chart import chart
from ui.map_data import Opened
from ui.map_state import MapState
from ui.map_views import HEIGHT

DENSITY, RATIO, ONE = "density", "where they disagree", "one dimension"
LIMIT = 4.0
"""Nats at which the colours of log q − log p end."""
SEEN = 3.5
"""Standard deviations of the prior beyond which a ratio of two tiny densities says nothing."""
CHART = "map_prior"


def choose(model: Opened) -> tuple[str, tuple[int, int]]:
    """Draw the menus; return what is shown and the two dimensions."""
    shows = [DENSITY, RATIO, ONE] if model.z_dim > 1 else [ONE]
    if model.is_point:
        shows = [kind for kind in shows if kind != RATIO]
    kind = st.segmented_control(
        "Show",
        shows,
        default=shows[0],
        required=True,
        label_visibility="collapsed",
        key=f"map_prior_show_{len(shows)}",
        persist_state="session",
    )
    if kind == ONE:
        order = map_data.dimension_order(model)
        dim = st.selectbox(
            "Dimension",
            order,
            format_func=lambda k: f"z{k + 1}",
            key=f"map_prior_dim_{model.z_dim}",
            width=100,
        )
        return kind, (dim, dim)
    if model.z_dim == 2:
        return kind, (0, 1)
    return kind, map_planes.choose_pair(model, "map_prior")


def draw(model: Opened, kind: str, dims: tuple[int, int]) -> None:
    """Draw the chart and the numbers under it."""
    if kind == ONE:
        _one_dimension(model, dims[0])
        return
    found = resources.of_model(model.name, map_data.density, dims)
    titles = (f"z{dims[0] + 1}", f"z{dims[1] + 1}")
    if kind == DENSITY:
        figure = plots.plane(found.x, found.y, found.q, "q(z), 1/unit²", titles)
    else:
        ratio = np.where(_seen(found), np.clip(found.log_ratio, -LIMIT, LIMIT), np.nan)
        figure = plots.plane(found.x, found.y, ratio, "log q − log p, nats", titles, signed=LIMIT)
    if not model.is_point:
        plots.add_rings(figure)
    said = summary(model, found)
    _mark(figure, MapState().choice(model.name).place)
    chart(
        figure,
        key=CHART,
        alt=said,
        height=HEIGHT,
        of=f"{model.name} {dims}",
        heard=MapState().heard(CHART),
        tools=("pan", "zoom"),
        on_picked=lambda picked: _hear(model, dims, picked),
    )
    st.caption(said)
    if kind == RATIO:
        st.caption(
            f"Blue: fewer images than the prior expects (holes); orange: more. Colours end at "
            f"±{LIMIT:.0f} nats; left out is where the prior lies beyond {SEEN:g}σ and no image is."
        )


def summary(model: Opened, found: Any) -> str:
    """Say in numbers how far q and p miss each other."""
    from vae import aggregate

    if found.kernel is not None:
        return (
            "an autoencoder has no prior and its points no width: each is drawn "
            f"{found.kernel:.2g} wide (Silverman's rule) · {model.measured_on}"
        )
    missed = aggregate.holes(found)
    return (
        f"{missed.prior_in_holes:.0%} of the prior's mass lies in holes (q under "
        f"{np.exp(-missed.threshold):.0%} of p, in cells {missed.cell:.2g} wide) · {missed.posterior_outside:.1%} of q lies outside "
        f"{missed.ring:.0f}σ, of the prior {missed.prior_outside:.1%} · {model.measured_on}"
    )


def _seen(found: Any) -> np.ndarray:
    least = np.exp(-(SEEN**2) / 2) / (2 * np.pi)
    return np.maximum(found.p, found.q) > least


def _mark(figure, place: tuple[float, float] | None) -> None:
    if place is not None:
        figure.add(
            "scatter",
            x=[place[0]],
            y=[place[1]],
            mode="markers",
            marker={"size": 14, "symbol": "cross-thin", "line": {"width": 2, "color": plots.TEXT}},
            hoverinfo="skip",
        )


def _hear(model: Opened, dims: tuple[int, int], picked: dict[str, Any]) -> None:
    state = MapState()
    if not state.hear(CHART, picked, f"{model.name} {dims}") or picked.get("kind") != "place":
        return
    x, y = picked.get("x"), picked.get("y")
    if all(isinstance(value, int | float) and abs(value) < 1e6 for value in (x, y)):
        state.look_at_place(model.name, (float(x), float(y)))


def place_panel(model: Opened, dims: tuple[int, int], open_in_explore: Any) -> None:
    """Show what the decoder makes of the place that was pressed."""
    place = MapState().choice(model.name).place
    if place is None or model.z_dim == 1:
        st.caption("Press a place of the map: the decoder shows what it makes of it.")
        place = (0.0, 0.0)
    z = np.zeros(model.z_dim)
    z[list(dims)] = place
    found = resources.of_model(model.name, map_data.density, dims)
    row = int(np.abs(found.y - place[1]).argmin())
    column = int(np.abs(found.x - place[0]).argmin())
    where = f"{_signed(place[0])}, {_signed(place[1])}"
    st.image(
        map_pictures.enlarged(map_pictures.decoded(model, z[None])[0], 196),
        width=196,
        alt=f"decoded image at {where}",
    )
    rest = "" if model.z_dim == 2 else ", all other dimensions 0"
    st.markdown(f"decoded at z = ({where}){rest}")
    if not model.is_point:
        ratio = found.log_ratio[row, column]
        judged = "a hole" if ratio < -2 else "held by q" if ratio > -0.5 else "thin"
        st.caption(f"log q − log p = {_signed(ratio)} nats here: {judged}")
    open_in_explore(model, z)


def _one_dimension(model: Opened, dim: int) -> None:
    found = resources.of_model(model.name, map_data.marginals)[dim]
    figure = plots.densities(found.z, found.q, found.p, f"z{dim + 1}")
    said = (
        f"z{dim + 1}: q(z) has mean {_signed(found.mean)} and variance {found.variance:.2f}"
        f" (prior: 0 and 1) · KL(q(z) ‖ p(z)) {found.kl:.3f} nats · {model.measured_on}"
    )
    if model.is_point:
        said = f"an autoencoder has no prior; N(0, 1) is drawn for comparison only · {said}"
    chart(figure, key="map_marginal", alt=said, height=HEIGHT)
    st.caption(said)


def dimension_table(model: Opened) -> None:
    """List what every dimension holds."""
    kl = resources.of_model(model.name, map_data.kl_per_dimension)
    rows = [
        {
            "z": f"z{one.dim + 1}",
            "KL to p, nats": one.kl,
            "mean": one.mean,
            "variance": one.variance,
            "KL an image, nats": None if kl is None else float(kl[one.dim]),
        }
        for one in resources.of_model(model.name, map_data.marginals)
    ]
    order = map_data.dimension_order(model)
    number = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        [rows[k] for k in order],
        hide_index=True,
        column_config={name: number for name in rows[0] if name != "z"},
        alt="each dimension's aggregate posterior against the prior",
    )
    st.caption(
        "KL to p: KL(q(z) ‖ p(z)) of the aggregate posterior; mean and variance of q(z), 0 and 1 "
        f"under the prior; KL an image: mean of KL(q(z|x) ‖ p(z)) · {model.measured_on}"
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
