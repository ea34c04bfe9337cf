"""A row of the list of runs: a name to press, what can be done about it, and a caption."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Press:
    """A button of a row, and what it does."""

    label: str
    key: str
    help: str
    act: Callable[..., None]
    about: Any
    """What ``act`` is told."""
    icon: str | None = None
    disabled: bool = False

    def draw(self) -> None:
        """Draw the button."""
        st.button(
            self.label,
            key=self.key,
            type="tertiary",
            icon=self.icon,
            help=self.help,
            disabled=self.disabled,
            on_click=self.act,
            args=(self.about,),
        )


def row(key: str, name: Press, does: Press, caption: str) -> None:
    """Draw a row."""
    with st.container(gap=None, key=key):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            name.draw()
            st.space("stretch")
            does.draw()
        st.caption(caption)
