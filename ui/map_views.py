"""The map's three pictures: encoded images, clusters, and the aggregate posterior."""

from typing import Any

import numpy as np
import streamlit as st

from ui import map_clusters, map_data, map_work, plots, resources, words
from ui.chart import AREA_TOOLS, Cloud, chart, rows_of_mask
from ui.map_data import CLUSTER, ERROR, KL, LABEL, SCALE, Colouring, Opened, Places
from ui.map_state import MapState

HEIGHT = "clamp(320px, calc(100dvh - 318px), min(1000px, 105cqi))"
NONE, CLASSES, CHOSEN, SAMPLE = "none", "each class", "the selection", "a sample"
MOST_ELLIPSES = 40
MOST_DIRECT_LABELS = 20
LABEL_ROOM = (0.05, 0.03)
"""Width and height of a label, as shares of the map's."""
MOST_HIDDEN = 0.25
CHUNK = 250
MAP = "map"


def choose_colour(model: Opened) -> str:
    """Let the visitor choose what the colours mean."""
    kinds = [LABEL] if model.has_classes else []
    kinds += [CLUSTER]
    if not model.is_point:
        kinds += [KL, SCALE]
    kinds += [ERROR]
    return st.selectbox(
        "Colour",
        kinds,
        key=f"map_colour_{'ae' if model.is_point else 'vae'}_{model.has_classes}",
        persist_state="session",
        width=170,
        help="KL: nats the posterior tells about its image. σ: its width, the geometric mean over "
        "the dimensions. Reconstruction error: −log p(x|z = μ), which needs the original images.",
    )


def choose_ellipses(model: Opened, places: Places) -> str:
    """Let the visitor choose of what the 1σ and 2σ ellipses are drawn."""
    kinds = [NONE]
    if places.axes is not None:
        kinds += [CLASSES] if model.has_classes else []
        kinds += [] if model.is_point else [CHOSEN, SAMPLE]
    return st.selectbox(
        "Ellipses of",
        kinds,
        key=f"map_ellipses_{len(kinds)}_{model.is_point}",
        persist_state="session",
        width=150,
        help="1σ solid, 2σ dotted. Of each class: the spread of its posterior means. Of the "
        "selection or a sample: the posteriors q(z|x) themselves.",
    )


def colouring(model: Opened, places: Places, kind: str) -> Colouring:
    """Colours of the points; by class where the values are not there yet."""
    if kind == CLUSTER:
        options = map_clusters.chosen_options(model)
        found = map_clusters.clusters(model, options)
        if found is not None:
            return map_clusters.by_cluster(model, found, places.rows, options)
    if kind in (KL, SCALE):
        compute = map_data.kl_per_image if kind == KL else map_data.mean_scale
        return map_data.by_value(resources.of_model(model.name, compute)[places.rows], kind)
    if kind == ERROR and (errors := reconstruction_errors(model)) is not None:
        return map_data.by_value(errors[places.rows], ERROR)
    return map_data.by_label(model, places.rows)


def reconstruction_errors(model: Opened) -> np.ndarray | None:
    """Nats of every image; None, and says so, while they are computed or without originals."""
    originals = resources.originals(model.name)
    if originals is None:
        name = words.plain(str(model.header["dataset"].get("name")))
        st.caption(f"The reconstruction error needs the images of {name}, which are not here.")
        return None
    opened = resources.checkpoint(model.name)
    pieces = np.array_split(model.atlas.index, -(-len(model.atlas.index) // CHUNK))
    work = map_work.start(
        ("errors", model.version),
        lambda done: _errors(opened, originals.images, pieces[done:]),
        len(pieces),
    )
    if not work.wait():
        map_clusters.unfinished(work, "Reconstruction error of every image")
        return None
    return np.concatenate(work.found)


def _errors(opened: Any, images: np.ndarray, pieces: list[np.ndarray]):
    from vae import encoded

    for piece in pieces:
        yield encoded.reconstruction_error(opened, images[piece])


def draw_map(
    model: Opened, places: Places, colours: Colouring, ellipses: str, alt: str, groups: Any = None
) -> None:
    """Draw the points with what lies over them; the hand's choice goes to `MapState`."""
    state = MapState()
    choice = state.choice(model.id)
    figure = plots.scatter(
        places.xy,
        colours.hover,
        axes=places.titles,
        equal=places.equal,
        revision=places.id,
        unit=colours.unit,
    )
    _lay_over(figure, model, places, ellipses, choice, groups)
    if colours.scale is not None:
        plots.add_scale(figure, *colours.scale)
    to_list = _name_groups(figure, places, colours) if colours.scale is None else []
    if model.z_dim == 1:
        _name_heights(figure, model)
    chart(
        figure,
        key=MAP,
        alt=alt,
        height=HEIGHT,
        of=places.id,
        cloud=Cloud(colours.ink, colours.palette),
        selected=_standing_out(choice, places),
        outlined=choice.of == places.id,
        heard=state.heard(MAP),
        tools=AREA_TOOLS,
        on_picked=lambda picked: _hear(model, places, picked),
    )
    if to_list:
        _legend(to_list)


def _legend(names: list[tuple[str, str]]) -> None:
    """Name the colours of all groups (name, colour)."""
    dots = [
        f'<span style="white-space: nowrap"><span style="color: {colour}" aria-hidden="true">●'
        f"</span> {plots.literal(name)}</span>"
        for name, colour in names
    ]
    said = " &nbsp; ".join(["Colours:", *dots])
    st.html(f'<div style="font-size: 0.8rem">{said}</div>')


def ellipse_note(model: Opened, places: Places, ellipses: str) -> str:
    """Say of how many images ellipses are drawn, where it is not of all that were asked for."""
    rows = places.rows if ellipses == SAMPLE else MapState().choice(model.id).rows
    if ellipses not in (CHOSEN, SAMPLE):
        return ""
    if rows is None:
        return "select images first: ellipses are drawn of those"
    return f"ellipses of {MOST_ELLIPSES} of {len(rows):,}" if len(rows) > MOST_ELLIPSES else ""


def _standing_out(choice: Any, places: Places) -> np.ndarray | None:
    if choice.rows is None:
        return None
    return np.isin(places.rows, choice.rows)


def _hear(model: Opened, places: Places, picked: dict[str, Any]) -> None:
    state = MapState()
    if not state.hear(MAP, picked, places.id):
        return
    if picked.get("kind") == "area":
        found = rows_of_mask(picked.get("mask"), len(places.rows))
        st.session_state["map_pick"] = None
        if found is not None:
            state.choose(model.id, places.rows[found], "drawn around", places.id)
    elif picked.get("kind") == "image":
        row = picked.get("row")
        if isinstance(row, int) and 0 <= row < len(places.rows):
            state.look_at(model.id, int(places.rows[row]))
    elif picked.get("kind") == "none" and state.choice(model.id).rows is not None:
        st.session_state["map_pick"] = None
        state.clear(model.id)


def _lay_over(figure, model: Opened, places: Places, ellipses: str, choice, groups) -> None:
    if places.axes is not None and not model.is_point:
        plots.add_rings(figure, places.project(np.zeros((1, model.z_dim)))[0])
    if groups is not None and places.axes is not None:
        spread = places.axes @ groups.covariances @ places.axes.T
        colours = map_clusters.cluster_colours(model.atlas.label, groups)
        plots.add_ellipses(figure, places.project(groups.centres), spread, colours)
    if ellipses == CLASSES:
        found = resources.of_model(model.name, map_data.summaries)
        centres = places.project(np.stack([one.mean for one in found]))
        spread = np.stack([places.axes @ one.covariance @ places.axes.T for one in found])
        colours = [plots.class_colour(one.label) for one in found]
        plots.add_ellipses(figure, centres, spread, colours, width=2)
    elif ellipses in (CHOSEN, SAMPLE):
        _posteriors(figure, model, places, ellipses, choice)
    if choice.image is not None:
        _mark(figure, model, places, choice.image)


def _posteriors(figure, model: Opened, places: Places, ellipses: str, choice) -> None:
    from ui.map_pictures import spread

    rows = places.rows if ellipses == SAMPLE else choice.rows
    if rows is None:
        return
    rows = spread(rows, MOST_ELLIPSES)
    covariances = _covariances(model, places, rows)
    colours = [plots.class_colour(int(label)) for label in model.atlas.label[rows]]
    centres = places.project(model.atlas.loc[rows])
    plots.add_ellipses(figure, centres, covariances, colours, width=1.5)


def _covariances(model: Opened, places: Places, rows: np.ndarray) -> np.ndarray:
    from vae import encoded

    return encoded.projected_covariance(model.atlas.scale[rows], places.axes)


def _mark(figure, model: Opened, places: Places, row: int) -> None:
    at = np.flatnonzero(places.rows == row)
    if not len(at):
        return
    x, y = places.xy[at[0]]
    figure.add(
        "scatter",
        x=[float(x)],
        y=[float(y)],
        mode="markers",
        marker={
            "size": 15,
            "symbol": "circle-open",
            "color": plots.TEXT,
            "line": {"width": 2.5},
        },
        hoverinfo="skip",
        name="looked at",
    )
    if places.axes is not None and not model.is_point:
        rows = np.array([row])
        ink = [plots.TEXT]
        plots.add_ellipses(figure, places.xy[at], _covariances(model, places, rows), ink, width=1.5)


def _name_groups(figure, places: Places, colours: Colouring) -> list[tuple[str, str]]:
    """Write the groups' names on the map; where some have no room, return all to be listed."""
    # k-means may leave groups empty, and a plane may lack all images of one
    present = np.unique(colours.group)
    if not places.equal or not 1 < len(present) <= MOST_DIRECT_LABELS:
        return []
    names = [colours.names[i] for i in present]
    middles = np.stack([np.median(places.xy[colours.group == i], axis=0) for i in present])
    apart = np.abs(middles[:, None] - middles) / (np.ptp(places.xy, axis=0).max() or 1.0)
    # groups on top of each other cannot be named in place
    hidden = np.triu((apart < LABEL_ROOM).all(axis=2), 1).any(axis=0)
    if hidden.mean() > MOST_HIDDEN:
        return names
    for i in np.flatnonzero(~hidden):
        plots.add_text(figure, middles[i], plots.literal(names[i][0]))
    return names if hidden.any() else []


def _name_heights(figure, model: Opened) -> None:
    labels = [int(label) for label in np.unique(model.atlas.label)]
    figure.layout["yaxis"] |= {
        "automargin": True,
        "tickvals": [max(0, label) for label in labels],
        "ticktext": [plots.literal(model.class_name(label)) for label in labels],
    }
