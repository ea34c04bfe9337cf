"""How the map's page is laid out: controls of one height in every view, the map, words under it.

Whatever comes and goes, such as a bar of progress, stands under the map, so that it never moves it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from ui import words
from ui.map.address import MapAddress, slug, slugs

STYLE = Path(__file__).resolve().parent / "map.css"
WIDTHS = (1.75, 1)


def style() -> None:
    """Load the page's own style sheet."""
    st.html(STYLE)


def controls(views: Sequence[str]) -> tuple[str, Any]:
    """Draw the row above the map; return the view and the container of the view's own menus."""
    address = MapAddress()
    address.choose("map", "map_view", slugs(views))
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_controls"):
        view = st.segmented_control(
            "View",
            views,
            default=views[0],
            required=True,
            label_visibility="collapsed",
            key="map_view",
            persist_state="session",
        )
        menus = st.container(horizontal=True, vertical_alignment="bottom", key="map_menus")
    address.keep("map", slug(view), slug(views[0]))
    return view, menus


def settings(needed: bool) -> Any:
    """A place for settings of second rank: behind a button, where there are any."""
    return st.popover("Settings", key="map_settings") if needed else st.container(key="map_none")


def halves() -> tuple[Any, Any, Any]:
    """The places of the map, of what is said under it, and of the panel beside it."""
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        chart, status = st.container(key="map_chart"), st.container(key="map_status")
    return chart, status, right


def folded(label: str, key: str, draw: Callable[[], None]) -> None:
    """Draw something behind a line that unfolds it, and only while it is unfolded."""
    box = st.expander(label, key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def notices() -> None:
    """Show what was wrong with the address, with a way to put it away."""
    address = MapAddress()
    if not address.notices:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(words.plain(" ".join(address.notices)))
        st.button("Close", on_click=address.dismiss, key="map_dismiss")
