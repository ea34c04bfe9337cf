"""The aggregate posterior against the prior: on a plane, holes in it, one dimension at a time."""

from typing import Any

import numpy as np
import streamlit as st

from ui import collapse, png, resources, words
from ui.components.chart import chart
from ui.figures.colours import TEXT
from ui.figures.curves import densities
from ui.figures.figure import Figure
from ui.figures.heatmap import heatmap
from ui.map import data, link, overlay, pictures, planes
from ui.map.address import MapAddress, menu
from ui.map.data import Opened
from ui.map.state import MapState
from ui.map.views import HEIGHT
from ui.state import held, put
from vae.models.place import FARTHEST

DENSITY, RATIO, ONE = "density", "where they disagree", "one dimension"
LIMIT = 4.0
"""Nats at which the colours of log q − log p end."""
FEWER = -0.5
"""Nats of log q − log p below which there are fewer images than the prior expects."""
SEEN = 3.5
"""Standard deviations of the prior beyond which a ratio of two tiny densities says nothing."""
SEEN_SHARE = 1 - float(np.exp(-(SEEN**2) / 2))
"""Share of a normal of two dimensions that lies within."""
VIEW_TOOLS = ("pan", "zoom")
CHART = "map_prior"
OF_CLASSES = "p(z): the mixture of the classes' normals"


def choose(model: Opened) -> tuple[str, tuple[int, int]]:
    """Draw the menus; return what is shown and the two dimensions."""
    shows = [DENSITY, RATIO, ONE] if model.z_dim > 1 else [ONE]
    if not model.has_prior:
        shows = [kind for kind in shows if kind != RATIO]
    kind = menu("show", "Show", shows, f"map_prior_show_{len(shows)}")
    if kind == ONE:
        order, key = data.dimension_order(model), f"map_prior_dim_{model.z_dim}"
        address = MapAddress()
        address.choose("dims", key, {str(k + 1): k for k in order})
        dim = st.selectbox(
            "Dimension", order, format_func=lambda k: f"z{k + 1}", key=key, persist_state="session"
        )
        address.keep("dims", str(dim + 1), str(order[0] + 1))
        return kind, (dim, dim)
    if model.z_dim == 2:
        return kind, (0, 1)
    return kind, planes.choose_pair(model, "map_prior")


def draw(model: Opened, kind: str, dims: tuple[int, int]) -> list[str]:
    """Draw the chart and return what is said under it."""
    if (said := collapse.line(model.name)) is not None:
        st.warning(words.plain(f"No densities. {said}"))
        return []
    if model.drawn_by is not None:
        with st.spinner("Drawing from the prior …"):
            resources.of_model(model.name, data.prior_shown)
    if kind == ONE:
        return [_one_dimension(model, dims[0])]
    found = resources.of_model(model.name, data.density, dims)
    of = f"{model.id} {dims}"
    link.restore_place(model, of)
    link.keep_place(model)
    figure = _figure(model, kind, dims, found)
    said = summary(model, found)
    _chart(
        model,
        figure,
        CHART,
        said,
        of,
        heard=MapState().heard(CHART),
        on_picked=lambda picked: _hear(model, of, picked),
    )
    return [said, *_explained(model, kind, found)]


def _figure(model: Opened, kind: str, dims: tuple[int, int], found: Any) -> Figure:
    titles = (f"z{dims[0] + 1}", f"z{dims[1] + 1}")
    if kind == DENSITY:
        figure = heatmap(found.x, found.y, found.q, "q(z), 1/unit²", titles)
    else:
        ratio = np.where(_seen(found), np.clip(found.log_ratio, -LIMIT, LIMIT), np.nan)
        figure = heatmap(found.x, found.y, ratio, "log q − log p, nats", titles, signed=LIMIT)
    overlay.lay_prior(figure, model, np.eye(model.z_dim)[list(dims)], np.zeros(model.z_dim))
    _mark(figure, MapState().choice(model.id).place)
    return figure


def _chart(model: Opened, figure: Figure, key: str, alt: str, of: str, **heard: Any) -> None:
    """Draw a figure in the place of the map, with its part in the address."""
    figure.layout["uirevision"] = of
    chart(
        figure,
        key=key,
        alt=alt,
        height=HEIGHT,
        of=of,
        tools=VIEW_TOOLS,
        address=MapAddress().link,
        zoom=MapState().zoom(of),
        model=model.name,
        **heard,
    )


def _explained(model: Opened, kind: str, found: Any) -> list[str]:
    from vae.latent import aggregate

    lines = []
    if kind == RATIO:
        beyond = f"beyond {SEEN:g}σ"
        if not found.is_standard:
            beyond = f"with the prior's last {1 - SEEN_SHARE:.1%}"
        lines.append(
            f"Blue: fewer images than the prior expects; orange: more. Colours end at "
            f"±{LIMIT:.0f} nats; places {beyond} where no image is are left out."
        )
    if model.has_prior:
        lines.append(hole_words(aggregate.holes(found)))
    return lines


def summary(model: Opened, found: Any) -> str:
    """Say in numbers how far q and p miss each other."""
    from vae.latent import aggregate

    points = ""
    if found.kernel is not None:
        points = (
            "codes are points without a width: each is drawn with a standard deviation of "
            f"{found.kernel:.2g} (Silverman's rule)"
        )
    if not model.has_prior:
        return f"This model was held to no prior, and its {points} · {model.measured_on}"
    missed = aggregate.holes(found)
    where = " on this plane" if model.z_dim > 2 else ""
    parts = [
        f"{missed.prior_in_holes:.0%} of the draws from the prior fall into holes{where}, places "
        f"where hardly any image is encoded",
    ]
    if missed.posterior_outside is not None:
        parts.append(
            f"{missed.posterior_outside:.1%} of the encoded images' posteriors lie beyond "
            f"{missed.ring:.0f}σ, where the prior has {missed.prior_outside:.1%}"
        )
    if round(missed.prior_off_grid, 4) > 0:
        parts.append(f"{missed.prior_off_grid:.2%} of the prior lies off the map")
    if found.draws is not None:
        parts.append(_of_draws(model, found.draws))
    if model.prior_by_class:
        parts.append(OF_CLASSES)
    if points:
        parts.append(points)
    if not model.is_normal and model.has_density:
        parts.append("each q(z|x) is taken for the normal distribution of its mean and covariance")
    return " · ".join([*parts, model.measured_on])


def _of_draws(model: Opened, draws: int) -> str:
    """Say that the prior's density was not known, and what stands for it."""
    by = "" if model.drawn_by is None else f" by {model.drawn_by}"
    return f"p(z): the density of {draws:,} draws from the prior{by}, each given a small width"


def hole_words(missed: Any) -> str:
    """Say what counts as a hole."""
    return (
        f"A hole: the density q(z) of the encoded images is less than "
        f"{np.exp(-missed.threshold):.0%} of the prior's. Both are means over squares of "
        f"{missed.cell:.2g} by {missed.cell:.2g}; smaller squares find more holes."
    )


def _seen(found: Any) -> np.ndarray:
    from vae.latent.shown_prior import levels

    least = np.exp(-(SEEN**2) / 2) / (2 * np.pi)
    if not found.is_standard:
        (least,) = levels(found.p, (SEEN_SHARE,))
    return np.maximum(found.p, found.q) > least


def _mark(figure: Figure, place: tuple[float, float] | None) -> None:
    if place is not None:
        figure.add(
            "scatter",
            x=[place[0]],
            y=[place[1]],
            mode="markers",
            marker={"size": 14, "symbol": "cross-thin", "line": {"width": 2, "color": TEXT}},
            hoverinfo="skip",
        )


def _hear(model: Opened, of: str, picked: dict[str, Any]) -> None:
    state = MapState()
    if not state.hear(CHART, picked, of) or picked.get("kind") != "place":
        return
    x, y = picked.get("x"), picked.get("y")
    if isinstance(x, int | float) and isinstance(y, int | float):
        if max(abs(x), abs(y)) <= FARTHEST:
            state.look_at_place(model.id, (float(x), float(y)))


def place_panel(model: Opened, dims: tuple[int, int], open_in_explore: Any) -> None:
    """Show what the decoder makes of the place that was pressed."""
    from vae.latent import aggregate

    place = MapState().choice(model.id).place
    if place is None:
        st.caption("Press a place of the map or type it: the decoder shows what it makes of it.")
        place = (0.0, 0.0)
    _type_place(model, dims, place)
    z = np.zeros(model.z_dim)
    z[list(dims)] = place
    found = resources.of_model(model.name, data.density, dims)
    row = int(np.abs(found.y - place[1]).argmin())
    column = int(np.abs(found.x - place[0]).argmin())
    where = f"{_signed(place[0])}, {_signed(place[1])}"
    label = _told_class(model)
    st.image(
        png.enlarged(pictures.decoded(model, z[None], np.array([label]))[0], 196),
        width=196,
        alt=f"decoded image at {where}",
    )
    rest = "" if model.z_dim == 2 else ", all other dimensions 0"
    st.markdown(f"decoded at z = ({where}){rest}")
    if model.has_prior:
        ratio = found.log_ratio[row, column]
        judged = "a hole" if ratio < -aggregate.HOLE else "fewer images than the prior expects"
        judged = "as many images as the prior expects, or more" if ratio > FEWER else judged
        st.caption(f"log q − log p = {_signed(ratio)} nats here: {judged}")
    open_in_explore(model, z)


def _told_class(model: Opened) -> int:
    """Let the visitor choose the class that the decoder is told; 0 where it is told none."""
    if not model.classes:
        return 0
    chosen: int = st.selectbox(
        "Class",
        range(model.classes),
        format_func=model.class_name,
        key="map_told_class",
        help="This decoder is told a class beside z.",
    )
    return chosen


def _type_place(model: Opened, dims: tuple[int, int], place: tuple[float, float]) -> None:
    """Draw a number field a dimension: the way to a place without a pointer."""
    keys = [f"map_place_{dim}_{model.id}" for dim in dims]

    def take() -> None:
        x, y = (held(key) for key in keys)
        MapState().look_at_place(model.id, (float(x or 0), float(y or 0)))

    with st.container(horizontal=True):
        for dim, key, value in zip(dims, keys, place, strict=True):
            # what was pressed since stands in the fields too
            put(key, value)
            st.number_input(
                f"z{dim + 1}",
                min_value=-FARTHEST,
                max_value=FARTHEST,
                step=0.1,
                format="%.2f",
                key=key,
                on_change=take,
                width=130,
            )


def _one_dimension(model: Opened, dim: int) -> str:
    found = resources.of_model(model.name, data.marginals)[dim]
    figure = densities(found.z, found.q, found.p, f"z{dim + 1}")
    said = (
        f"z{dim + 1}: q(z) has mean {_signed(found.mean)} and variance {found.variance:.2f}"
        f" (prior: {_short(found.prior_mean)} and {_short(found.prior_variance)})"
        f" · KL(q(z) ‖ p(z)) {found.kl:.3f} nats · "
    )
    said += model.measured_on
    if found.draws is not None:
        said += f" · {_of_draws(model, found.draws)}"
    if model.prior_by_class:
        said += f" · {OF_CLASSES}"
    if not model.has_prior:
        said = f"this model was held to no prior; N(0, 1) is drawn for comparison only · {said}"
    of = f"{model.id} {dim} alone"
    link.restore_place(model, of)
    _chart(model, figure, "map_marginal", said, of)
    return said


def _short(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}".replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
