"""What a page measures waits until its component has drawn its first pictures.

Both need the processor, and a visitor looks at the pictures first. The component tells once that
they stand; where it never does, because its script failed or pictures take very long, measuring
begins all the same.
"""

import time

import streamlit as st

from ui.state import held, put, said_by, store

PATIENCE = 8.0
"""Seconds that pictures have."""
DRAWN = "drawn"
"""What the component says: the name of what it shows, once that is drawn."""
LOOK_SECONDS = 2.0
_PAGE, _SINCE = "first_pictures_page", "_since"


def turn_to(page: str) -> None:
    """Give the pictures of a page their time anew, where the visitor was on another page before."""
    if held(_PAGE) == page:
        return
    put(_PAGE, page)
    for key in [key for key in store() if str(key).endswith(_SINCE)]:
        del store()[key]


def stand(key: str, shown: str) -> bool:
    """Tell whether the component of a key has drawn what it shows, or has had its time."""
    since = f"{key}{_SINCE}"
    asked: tuple[str, float] | None = held(since)
    if asked is None or asked[0] != shown:
        asked = (shown, time.monotonic())
        put(since, asked)
    return said_by(key).get(DRAWN) == shown or time.monotonic() - asked[1] > PATIENCE


def wait(key: str, shown: str, room: str) -> None:
    """Keep as much room as will be taken, a height, and look now and then whether time is over."""
    st.fragment(_wait, run_every=LOOK_SECONDS)(key, shown, room)


def _wait(key: str, shown: str, room: str) -> None:
    st.html(f"<div style='height: {room}'></div>")
    if stand(key, shown):
        st.rerun()
