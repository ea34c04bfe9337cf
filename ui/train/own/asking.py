"""Asking for the height and width of pictures, where a table does not say them."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import words
from ui.train.own import pictures
from ui.train.own.brought import Brought

if TYPE_CHECKING:
    from vae.data.own import Asked

ABREAST = 3


def size(brought: Brought, asked: "Asked") -> None:
    """Draw the first picture at every size it may have, each with the button that takes it."""
    st.markdown(
        f"**{words.plain(asked.name)} has {asked.count:,} values in a row, and does not say how "
        "high and wide a picture is. Which of these is right?**"
    )
    for at in range(0, len(asked.sizes), ABREAST):
        for one, place in zip(asked.sizes[at : at + ABREAST], st.columns(ABREAST), strict=False):
            with place:
                _offer(brought, asked, one)


def _offer(brought: Brought, asked: "Asked", one: tuple[int, int]) -> None:
    high, wide = one
    name = f"{high} high, {wide} wide"
    pixels = asked.picture(one)
    if pixels is not None:
        st.html(pictures.of_size(pixels, f"the first picture, {name}"))
    pressed = st.button(
        name, key=f"own.size.{high}x{wide}", on_click=brought.read_as, args=(one,), width="stretch"
    )
    if pressed:
        st.rerun()
