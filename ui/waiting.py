"""The bar that stands on a page while a computation goes on, and what stands there if it failed."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import words
from ui.work import Key, Work, find

POLL_SECONDS = 0.5


def unfinished(work: Work, what: str, draw: Callable[[list[Any]], None] | None = None) -> None:
    """Show how far a computation is, or why it is not there and how to go on.

    `draw` shows what was found so far, while it goes on.
    """
    if work.running or work.done:
        _waiting(work.key, what, draw)
        return
    if work.error is not None:
        st.error(words.plain(f"{what}: {work.error}"))
    else:
        st.caption(f"{what}: stopped at {len(work.found)} of {work.total}")
    label = "Go on" if work.error is None else "Try again"
    st.button(label, on_click=work.go_on, key=f"go_on_{work.key[0]}")


@st.fragment(run_every=POLL_SECONDS)
def _waiting(key: Key, what: str, draw: Callable[[list[Any]], None] | None) -> None:
    """Show how far a computation is, with a way to stop it; draw the page anew at its end."""
    work = find(key)
    if work is None or not work.running:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if work.total == 1:
            st.caption(f"{what} …")
            return
        st.progress(len(work.found) / work.total, f"{what}: {len(work.found)} of {work.total}")
        st.button("Stop", on_click=work.stop, key=f"stop_{key[0]}")
    if draw is not None and work.found:
        draw(list(work.found))
