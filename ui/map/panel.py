"""What follows the choice on the map: images, their mean, class counts, neighbours, CSV."""

from typing import Any

import numpy as np
import streamlit as st

from ui import png, resources, words
from ui.components.chart import chart
from ui.figures.bars import bars
from ui.figures.colours import NO_CLASS, class_colour
from ui.figures.contact_sheet import contact_sheet
from ui.figures.figure import literal
from ui.map import data, link, pictures, spreadsheet
from ui.map.data import Opened
from ui.map.places import Places
from ui.map.state import PICK, Choice, MapState
from ui.state import AppState, held, put

COLUMNS = 10
MOST_BARS = 10
NEIGHBOURS = 8
MOST_NUMBERS = 8
SHEET, NEAR = "map_sheet", "map_near"


def panel(model: Opened, places: Places, groups: Any = None, options: Any = None) -> None:
    """Draw all of it: of the chosen images, or of all where none are chosen.

    ``groups`` are the clusters that may be chosen, ``options`` those of their clustering.
    """
    choice = MapState().choice(model.id)
    left, right = st.columns([1, 1])
    with left:
        _choose_group(model, groups, options)
    with right:
        _choose_image(model)
    if choice.image is not None:
        image(model, choice.image)
    if choice.rows is not None or choice.image is None:
        chosen(model, places, choice)


def chosen(model: Opened, places: Places, choice: Choice) -> None:
    """Show the chosen images together."""
    some = choice.rows is not None
    rows = places.rows if choice.rows is None else choice.rows
    head = f"**{len(rows):,} images** · {words.plain(choice.how)}" if some else "**All images**"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(head, width="stretch")
        if some:
            st.button("Clear", on_click=_clear, args=(model.id,), key="map_clear")
    _sheet(model, pictures.spread(_by_class(model, rows)), SHEET, COLUMNS)
    _what_is_shown(model, len(rows))
    left, right = st.columns([1, 1.7], vertical_alignment="center")
    mean = model.atlas.loc[rows].astype(np.float64).mean(axis=0)
    with left:
        label = pictures.commonest_class(model, rows)
        picture = pictures.decoded(model, mean[None], np.array([label]))[0]
        st.image(png.enlarged(picture), width=104, alt="decoded mean of the images")
        of = f" as {literal(model.class_name(label))}" if model.classes else ""
        st.caption(f"mean μ, decoded{of}")
    with right:
        counts(model, rows)
    with st.container(horizontal=True):
        explore_button(model, mean, "map_explore_mean")
        _csv(model, rows, places)


def counts(model: Opened, rows: np.ndarray) -> None:
    """Draw how many images each class has among the rows."""
    if not model.has_classes:
        st.caption("These images have no classes.")
        return
    labels, found = np.unique(model.atlas.label[rows], return_counts=True)
    order = np.argsort(-found, kind="stable")
    shown, rest = order[:MOST_BARS], order[MOST_BARS:]
    names = [literal(model.class_name(int(labels[i]))) for i in shown]
    values = [int(found[i]) for i in shown]
    colours = [class_colour(int(labels[i])) for i in shown]
    if len(rest):
        names, values = [*names, f"{len(rest)} others"], [*values, int(found[rest].sum())]
        colours.append(NO_CLASS)
    said = ", ".join(f"{name} {value:,}" for name, value in zip(names, values, strict=True))
    figure = bars(names, values, colours, "images")
    chart(
        figure,
        key="map_counts",
        alt=f"images of each class: {said}",
        height=f"{19 * len(names) + 8}px",
    )


def image(model: Opened, row: int) -> None:
    """Show one image: original, reconstruction, posterior and neighbours."""
    atlas = model.atlas
    name = words.plain(model.class_name(int(atlas.label[row])))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Image {atlas.index[row]}** · {name}", width="stretch")
        st.button("Close", on_click=_look_at, args=(model.id, None), key="map_close")
    rows = np.array([row])
    with st.container(horizontal=True):
        if pictures.has_originals(model):
            _picture(pictures.images(model, rows)[0], "original")
        _picture(pictures.reconstructions(model, rows)[0], "reconstruction")
    _posterior(model, row)
    _neighbours(model, row)
    explore_button(model, atlas.loc[row], "map_explore_image")


def explore_button(model: Opened, z: np.ndarray, key: str) -> None:
    """Offer to go on at z on the Explore page."""
    if st.button("Open in Explore", key=key):
        AppState().send(model.name, tuple(float(value) for value in z))
        # without its own empty list it would clear the address, which the model picker forbids
        st.switch_page("pages/explore.py", query_params={})


def _choose_group(model: Opened, groups: Any, clustering: Any) -> None:
    options = link.group_options(model, groups, clustering)

    def take() -> None:
        state = MapState()
        if state.picked is None:
            state.clear(model.id)
        else:
            state.choose(link.picked(model, state.picked, groups, clustering))

    state = MapState()
    if state.picked not in options or state.choice(model.id).rows is None:
        state.unpick()
    st.selectbox(
        "Select",
        options,
        index=None,
        format_func=lambda option: link.group_name(model, option),
        key=PICK,
        on_change=take,
        placeholder="select a class" if groups is None else "select a group",
        label_visibility="collapsed",
    )


def _choose_image(model: Opened) -> None:
    index, key = model.atlas.index, f"map_number_{model.id}"
    looked_at = MapState().choice(model.id).image
    kept = held(key)
    # the field names the image that is looked at or one that the map lacks, never an old one
    if kept is not None and kept in index and (looked_at is None or index[looked_at] != kept):
        put(key, None)

    def find() -> None:
        rows = np.flatnonzero(index == held(key))
        _look_at(model.id, int(rows[0]) if len(rows) else None)

    number = st.number_input(
        "Image number",
        min_value=0,
        value=None,
        step=1,
        key=key,
        on_change=find,
        placeholder="image no.",
        label_visibility="collapsed",
    )
    if number is not None and number not in index:
        st.caption(
            f"The map holds no image {number}; choose a number from {index.min()} to {index.max()}."
        )


def _by_class(model: Opened, rows: np.ndarray) -> np.ndarray:
    return rows[np.argsort(model.atlas.label[rows], kind="stable")]


def _sheet(
    model: Opened, rows: np.ndarray, key: str, columns: int, hover: list[str] | None = None
) -> None:
    source = png.address(png.sheet(pictures.images(model, rows), columns))
    lines = -(-len(rows) // columns)
    if hover is None:
        hover = [
            f"{literal(model.class_name(int(label)))} · image {index}"
            for label, index in zip(model.atlas.label[rows], model.atlas.index[rows], strict=True)
        ]
    of = f"{model.id} {rows.tobytes().hex()[:64]} {len(rows)}"

    def hear(picked: dict[str, Any]) -> None:
        state = MapState()
        at = picked.get("row")
        if state.hear(key, picked, of) and isinstance(at, int) and 0 <= at < len(rows):
            state.look_at(model.id, int(rows[at]))

    chart(
        contact_sheet(source, columns, lines, hover),
        key=key,
        alt=f"contact sheet of {len(rows)} images",
        height=f"min({100 * lines / columns:.2f}cqi, {46 * lines}px)",
        of=of,
        heard=MapState().heard(key),
        on_picked=hear,
    )


def _what_is_shown(model: Opened, count: int) -> None:
    parts = []
    if count > pictures.MOST:
        parts.append(f"{pictures.MOST} of {count:,} are shown")
    parts.append("press one for its neighbours")
    if not pictures.has_originals(model):
        name = words.plain(str(model.header["dataset"].get("name")))
        parts.append(f"reconstructions, since the images of {name} are not on this machine")
    st.caption(" · ".join(parts))


def _picture(pixels: np.ndarray, caption: str) -> None:
    with st.container(width=112, gap=None):
        st.image(png.enlarged(pixels, 112), width=112, alt=caption)
        st.caption(caption)


def _posterior(model: Opened, row: int) -> None:
    loc, scale = model.atlas.loc[row], model.atlas.scale[row]
    dims = sorted(data.dimension_order(model)[:MOST_NUMBERS])
    cells = []
    for k in dims:
        width = f" ± {scale[k]:.2f}" if model.has_density else ""
        cells.append(f"z{k + 1:<2} {loc[k]:6.2f}{width}".replace("-", "−"))
    lines = ["    ".join(cells[i : i + 2]) for i in range(0, len(cells), 2)]
    st.code("\n".join(lines), language=None)
    parts = ["posterior μ ± σ" if model.has_density else "code z of the encoder"]
    if model.z_dim > len(dims):
        parts.append(f"{len(dims)} of {model.z_dim} dimensions, those of highest KL")
    kl = resources.of_model(model.name, data.kl_per_image)
    if kl is not None:
        parts.append(f"KL {kl[row]:.1f} nats in all")
    st.caption(" · ".join(parts))


def _neighbours(model: Opened, row: int) -> None:
    from vae.latent import encoded

    near, far = encoded.nearest(model.atlas.loc, model.atlas.loc[row], NEIGHBOURS, exclude=row)
    if not len(near):
        return
    said = [
        f"{literal(model.class_name(int(label)))}, distance {distance:.2f}"
        for label, distance in zip(model.atlas.label[near], far, strict=True)
    ]
    st.caption(f"its {len(near)} nearest in latent space, distance {far[0]:.2f} to {far[-1]:.2f}")
    _sheet(model, near, NEAR, NEIGHBOURS, said)


def _csv(model: Opened, rows: np.ndarray, places: Places) -> None:
    kl = resources.of_model(model.name, data.kl_per_image)
    st.download_button(
        "CSV",
        lambda: spreadsheet.table(model, rows, places, kl),
        file_name=f"{model.name}-selection.csv",
        mime="text/csv",
        on_click="ignore",
        key="map_csv",
        help="Index in the split, class, μ, σ, KL and the place on the map of these images.",
    )


def _look_at(model: str, row: int | None) -> None:
    MapState().look_at(model, row)


def _clear(model: str) -> None:
    MapState().clear(model)
