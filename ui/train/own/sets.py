"""The sets of own images on this machine, prepared or only drawn: used, renamed, deleted."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import words
from ui.state import held
from ui.train.own import state
from ui.train.own import words as own_words
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data.own import Prepared


def listed() -> None:
    """List the prepared sets, then the drawn ones that are not prepared yet."""
    from vae.data.own import drawn, prepared

    sets, names = prepared.sources(), prepared.names()
    if names:
        st.markdown("**Prepared before**")
    for name in names:
        if name in sets:
            _row(sets[name])
        else:
            _damaged(name)
    only_drawn = [name for name in drawn.names() if name not in names]
    if only_drawn:
        st.markdown("**Drawn, not yet trained on**")
    for name in only_drawn:
        _drawn_row(name)


def _row(one: "Prepared") -> None:
    from vae.data.own.drawn import is_drawn

    with st.container(gap=None, key=f"own-set-{one.name}"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                words.plain(one.name),
                key=f"own.choose.{one.name}",
                type="tertiary",
                help="Choose these images in the form",
                on_click=state.choose,
                args=(one.name,),
            )
            st.space("stretch")
            if is_drawn(one.name):
                st.button(
                    "Draw more",
                    key=f"own.draw.{one.name}",
                    type="tertiary",
                    on_click=_draw_more,
                    args=(one.name,),
                )
            _rename(one.name)
            delete(one.name)
        st.caption(words.plain(own_words.set_line(one)))


def _drawn_row(name: str) -> None:
    from vae.data.own import drawn

    try:
        found = drawn.find(name)
    except UserError:
        return _damaged(name)
    with st.container(gap=None, key=f"own-set-{name}"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button(
                words.plain(name),
                key=f"own.draw.{name}",
                type="tertiary",
                help="Draw more of these, and train on them",
                on_click=_draw_more,
                args=(name,),
            )
            st.space("stretch")
            _rename(name)
            delete(name)
        st.caption(words.plain(own_words.drawn_line(found)))


def _damaged(name: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"{words.plain(name)} is damaged: delete it and prepare the images again.")
        st.space("stretch")
        delete(name)


def _rename(name: str) -> None:
    key = f"own.new-name.{name}"
    with st.popover("Rename", type="tertiary"):
        st.text_input("New name", value=name, key=key, max_chars=100)
        st.button("Rename", key=f"own.rename.{name}", on_click=_renamed, args=(name, key))


def _draw_more(name: str) -> None:
    from ui.train.drawn.state import open_set

    state.close()
    open_set(name)


def delete(name: str) -> None:
    """Draw the button that deletes a set, after a question."""
    from vae.data.own import drawn, prepared

    drawings = "drawings" if drawn.is_drawn(name) else ""
    images = "images" if prepared.is_known(name) or not drawings else ""
    what = " and the ".join(filter(None, (images, drawings)))
    with st.popover("Delete", type="tertiary"):
        st.markdown(f"Delete the {what} of **{words.plain(name)}**? This cannot be undone.")
        if images:
            st.caption("Models that were trained on them stay, without their originals.")
        st.button("Delete", key=f"own.delete.{name}", on_click=_deleted, args=(name,))


def _renamed(name: str, key: str) -> None:
    from vae.data.own import sets

    new = str(held(key) or "").strip()
    if new == name:
        return
    try:
        sets.rename(name, new)
        state.replace(name, new)
    except UserError as error:
        state.say(str(error))


def _deleted(name: str) -> None:
    from vae.data.own import sets

    try:
        sets.remove(name)
        state.replace(name, None)
    except UserError as error:
        state.say(str(error))
