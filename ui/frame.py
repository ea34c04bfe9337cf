"""What stands around every page: its style, the model picker, the links, the heading."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui import resources, words
from ui.resources import decoding, families
from ui.state import MODEL, AppState, held, put
from vae.errors import UserError

HERE = Path(__file__).resolve().parent
ICON = str(HERE / "icon.svg")
SIDEBAR_WIDTH = 248
NAME = "Latent space explorer"
LARGE = "large"
"""Key of the switch for large type, and its name in the URL."""


def style() -> None:
    """Load the style sheet that all pages share."""
    st.html(HERE / "page.css")


def large_type() -> None:
    """Let the visitor enlarge all type, for a projector; the choice stands in the URL."""
    if st.toggle("Large type", key=LARGE, bind="query-params"):
        st.html(HERE / "large_type.css")


def tab_title(page: str, model: str | None) -> str:
    """Name the browser's tab: the page, the model and the app."""
    return " · ".join(filter(None, (page, model and families.title(model), NAME)))


def heading(title: str, sentence: str, touch: str | None = None) -> None:
    """Draw a page's title and the one sentence that says what to do with the hand.

    `touch` is the sentence for screens that no pointer can hover over.
    """
    st.title(title, anchor=False)
    if touch is None:
        st.caption(sentence)
        return
    # the style sheet shows the one that fits the screen
    st.container(key="for-hover").caption(sentence)
    st.container(key="for-touch").caption(touch)


def about_model(
    title: str, sentence: str, purpose: str, body: Callable[[str], None], explanation: str
) -> None:
    """Draw a page whose one thing is about the chosen model.

    ``body`` draws that thing; what it cannot do it says by a `UserError`. ``purpose`` says what a
    model would be there for ("look at"), where there is none yet.
    """
    heading(title, sentence)
    model = AppState().model
    if model is None:
        st.info(f"There is no model to {purpose} yet: train one, or put one into `checkpoints`.")
        return
    try:
        body(model)
    except UserError as error:
        st.error(words.plain(str(error)))
    with st.expander("What am I looking at?"):
        st.markdown(explanation)


def model_picker() -> None:
    """Let the visitor choose the model for all pages; the choice stands in the URL."""
    state, asked = AppState(), dict(st.query_params)
    state.take_next()
    address = None if state.was_opened() else asked.get(MODEL)
    chosen = state.model or address
    named = families.of_name(chosen)
    if named is not None and (named != chosen or named == families.of_name(address) != address):
        # the name of a sweep opens its first member
        state.open(named)
        asked[MODEL] = named
    # Back may lead to another member than the one that is open
    names = families.picked(named, address)
    preferred = resources.preferred(names)
    if preferred is None:
        st.info("There is no model on this machine yet. Train one first.")
        return
    if named is None and (first := families.of_name(preferred)) != preferred:
        state.open(str(first))
        names, preferred = families.picked(first), str(first)
    st.selectbox(
        "Model",
        names,
        names.index(preferred),
        # names as they are: the address that is bound to this reads what is shown
        key=MODEL,
        bind="query-params",
        # what was wrong was wrong of the model before
        on_change=state.dismiss_notices,
    )
    model = state.model or preferred
    _member_picker(model)
    try:
        # first, so that the address's z can never go to a model that is chosen later
        state.read_address(asked, names, resources.header)
        st.caption(words.model_line(resources.header(model)))
        strip = decoding.sample_strip(model)
        st.image(strip, width="stretch", alt=f"images that {families.title(model)} decodes")
    except UserError as error:
        st.error(words.plain(str(error)))


def _member_picker(model: str) -> None:
    """Let the visitor choose among the members of the sweep to which the open model belongs."""
    sweep = families.sweep_of(model)
    if sweep is None:
        return
    key = f"member-{sweep.name}"
    put(key, model)
    st.selectbox(
        words.plain(f"{sweep.name} · {len(sweep.titles)} models"),
        list(sweep.titles),
        format_func=lambda name: sweep.titles.get(name, name),
        key=key,
        on_change=_open_member,
        args=(key,),
    )


def _open_member(key: str) -> None:
    state = AppState()
    state.open(held(key))
    state.dismiss_notices()


def notices(place: Any, said: int = 0) -> int:
    """Say above the page what is wrong with the address, and return how much was said by now.

    Asked once more after the page, which may have found something itself, it adds that.
    """
    found = AppState().notices
    for notice in found[said:]:
        place.warning(words.plain(notice))
    return len(found)


def links(pages: list[Any]) -> None:
    """List the pages."""
    with st.container(gap=None):
        for page in pages:
            st.page_link(page, width="stretch")
