"""The map's three pictures: encoded images, clusters, and the aggregate posterior."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from ui import collapse, resources, waiting, words
from ui.components.chart import AREA_TOOLS, Cloud, chart
from ui.figures.cloud import scatter
from ui.figures.scale import add_scale
from ui.map import clusters, data, link, outline, overlay
from ui.map.address import MapAddress, menu
from ui.map.colouring import Colouring, by_label, by_value
from ui.map.data import CLUSTER, ERROR, KL, LABEL, SCALE, Opened
from ui.map.overlay import CHOSEN, CLASSES, NONE, SAMPLE
from ui.map.places import Places
from ui.map.state import Choice, MapState
from ui.resources import datasets
from ui.work import start

if TYPE_CHECKING:
    from vae.data import Split

HEIGHT = "clamp(320px, calc(100dvh - 318px), min(1000px, 105cqi))"
COLLAPSED_SIDE = 6.0
"""Units of z that the map of nearly equal codes shows at least, so that they are one dot."""
CHUNK = 250
MAP = "map"


def choose_colour(model: Opened) -> str:
    """Let the visitor choose what the colours mean."""
    kinds = [LABEL] if model.has_classes else []
    kinds += [CLUSTER]
    if model.has_density:
        kinds += [KL] if model.has_kl else []
        kinds += [SCALE]
    kinds += [ERROR]
    return menu(
        "colour",
        "Colour",
        kinds,
        f"map_colour_{'vae' if KL in kinds else len(kinds)}_{model.has_classes}",
        help="KL: nats that the posterior tells about its image. σ: its width, the geometric mean "
        "over the dimensions. Reconstruction error: −log p(x|z = μ), which needs the original "
        f"images.{_no_kl(model)}",
    )


def _no_kl(model: Opened) -> str:
    """Say why there is no colour for the KL, where there is none."""
    if model.has_kl or not model.has_density:
        return ""
    if not model.is_normal:
        return " There is no colour for the KL: this map does not hold the flow that it needs."
    return " There is no colour for the KL: this map does not hold the covariances that it needs."


def choose_ellipses(model: Opened, plane: str) -> str:
    """Let the visitor choose of what the 1σ and 2σ ellipses are drawn, on planes that have axes."""
    kinds = [NONE]
    if model.z_dim > 1 and plane not in (data.TSNE, data.UMAP):
        kinds += [CLASSES] if model.has_classes else []
        kinds += [CHOSEN, SAMPLE] if model.has_ellipses else []
    return menu(
        "ellipses",
        "Ellipses of",
        kinds,
        f"map_ellipses_{len(kinds)}_{model.has_ellipses}",
        help="1σ solid, 2σ dotted. Of each class: the spread of its posterior means. Of the "
        f"selection or of some images: the posteriors q(z|x) themselves.{_which_outlines(model)}",
    )


def _which_outlines(model: Opened) -> str:
    """Say what is drawn of posteriors that are not normal, and why nothing is, where that is so."""
    if not model.has_density:
        return ""
    if not model.has_ellipses:
        return " Those are not offered: this map does not hold their covariances."
    if model.atlas.outline is not None:
        return " They are bent by a flow: the lines are what it makes of circles of 1σ and 2σ."
    return "" if model.is_normal else " They are no normal distributions: shown by covariance."


def colouring(model: Opened, places: Places, kind: str) -> Colouring:
    """Colours of the points; by class where the values are not there yet."""
    if kind == CLUSTER:
        options = clusters.chosen_options(model)
        found = clusters.clusters(model, options)
        if found is not None:
            return clusters.by_cluster(found, places.rows, options)
    if kind in (KL, SCALE):
        compute = data.kl_per_image if kind == KL else data.mean_scale
        return by_value(resources.of_model(model.name, compute)[places.rows], kind)
    if kind == ERROR and (errors := reconstruction_errors(model)) is not None:
        if (errors < 0).any():
            st.caption(words.MAY_BE_NEGATIVE)
        return by_value(errors[places.rows], ERROR)
    return by_label(model, places.rows)


def reconstruction_errors(model: Opened) -> np.ndarray | None:
    """Nats of every image; None, and says so, while they are computed or without originals."""
    originals = datasets.originals(model.name)
    if originals is None:
        name = words.plain(str(model.header["dataset"].get("name")))
        st.caption(f"The reconstruction error needs the images of {name}, which are not here.")
        return None
    opened = resources.checkpoint(model.name)
    pieces = np.array_split(model.atlas.index, -(-len(model.atlas.index) // CHUNK))
    work = start(
        ("errors", model.version),
        lambda done: _errors(opened, originals, pieces[done:]),
        len(pieces),
    )
    if not work.wait():
        waiting.unfinished(work, "Reconstruction error of every image")
        return None
    return np.concatenate(work.found)


def _errors(opened: Any, split: "Split", pieces: list[np.ndarray]) -> Iterator[np.ndarray]:
    from vae.measures import likeness

    for piece in pieces:
        some = split.take(piece)
        yield likeness.reconstruction_error(opened, some.images, some.labels)


def draw_map(
    model: Opened, places: Places, colours: Colouring, ellipses: str, alt: str, groups: Any = None
) -> None:
    """Draw the points with what lies over them; the hand's choice goes to `MapState`."""
    state = MapState()
    choice = state.choice(model.id)
    figure = scatter(
        places.xy,
        colours.hover,
        axes=places.titles,
        equal=places.equal,
        revision=places.id,
        unit=colours.unit,
        least=COLLAPSED_SIDE if collapse.line(model.name) else 0.0,
    )
    overlay.lay_over(figure, model, places, ellipses, choice, groups)
    listed: list[tuple[str, str]] = []
    if colours.scale is not None:
        add_scale(figure, *colours.scale)
    else:
        listed = overlay.name_groups(figure, places, colours)
    if model.z_dim == 1:
        overlay.name_heights(figure, model)
    link.keep_choice(model, places)
    chart(
        figure,
        key=MAP,
        alt=alt,
        height=HEIGHT,
        of=places.id,
        cloud=Cloud(colours.ink, colours.palette),
        selected=_standing_out(choice, places),
        area=choice.drawn if choice.of == places.id else "",
        heard=state.heard(MAP),
        tools=AREA_TOOLS,
        legend=listed,
        address=MapAddress().link,
        zoom=state.zoom(places.id),
        model=model.name,
        on_picked=lambda picked: _hear(model, places, picked),
    )


def _standing_out(choice: Choice, places: Places) -> np.ndarray | None:
    if choice.rows is None:
        return None
    return np.isin(places.rows, choice.rows)


def _hear(model: Opened, places: Places, picked: dict[str, Any]) -> None:
    state = MapState()
    if not state.hear(MAP, picked, places.id):
        return
    if picked.get("kind") == "area":
        state.unpick()
        drawn = str(picked.get("area"))
        link.choose_drawn(model, places, drawn, outline.LONGEST_DRAWN)
    elif picked.get("kind") == "image":
        row = picked.get("row")
        if isinstance(row, int) and 0 <= row < len(places.rows):
            state.look_at(model.id, int(places.rows[row]))
    elif picked.get("kind") == "none" and state.choice(model.id).rows is not None:
        state.clear(model.id)


def words_of(model: Opened, places: Places, *notes: str) -> str:
    """Say in a line what the map shows."""
    lined = model.prior_by_class and places.axes is not None
    lines = "lines: the mixture of the classes' priors" if lined else ""
    return " · ".join(filter(None, [model.measured(len(places.rows)), lines, *notes, places.note]))
