"""What was understood, and how the pictures become images."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import option_form, words
from ui.train.own import pictures, state
from ui.train.own import words as own_words
from ui.train.own.brought import Brought
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data.own import Choices, Found

NAMED = 200
"""So many files that were skipped are listed."""


def understood(brought: Brought, found: "Found") -> None:
    """Draw the contact sheet and say what was found."""
    if "sheet" not in brought.drawn:
        brought.drawn["sheet"] = pictures.sheet(found)
    st.html(brought.drawn["sheet"])
    more = found.count - len(found.pictures)
    st.markdown(f"**{words.plain(own_words.facts_line(found))}**")
    shown = f"{len(found.pictures):,} of them are shown." if more > 0 else ""
    said = [f"{note[:1].upper()}{note[1:]}." for note in found.notes]
    if text := " ".join(filter(None, [shown, *said])):
        st.caption(words.plain(text))
    _skipped(found)


def _skipped(found: "Found") -> None:
    """Fold what was left out, and what is there twice or can hardly be seen."""
    lists = (
        (
            f"{own_words.counted(found.skipped_count, 'file')} skipped",
            found.skipped_count,
            [f"{one.name}: {one.why}" for one in found.skipped[:NAMED]],
        ),
        (
            f"{own_words.counted(found.duplicate_count, 'duplicate')}",
            found.duplicate_count,
            [f"{copy}: the same as {first}" for copy, first in found.duplicates[:NAMED]],
        ),
        (
            f"{own_words.counted(found.nearly_empty_count, 'picture')} nearly empty",
            found.nearly_empty_count,
            list(found.nearly_empty[:NAMED]),
        ),
    )
    for title, count, lines in lists:
        if count:
            with st.expander(title):
                st.markdown("\n".join(f"- {words.plain(line)}" for line in lines))
                if count > len(lines):
                    st.caption(f"and {count - len(lines):,} more")


def choices(token: str, found: "Found") -> "Choices":
    """Draw the widgets and return what they hold; `UserError` for a value out of range."""
    from vae.data.own import Choices
    from vae.options import validate

    asked = {
        name: widget._replace(default=getattr(found.suggested, name))
        for name, widget in option_form.widgets(Choices, pointless(found)).items()
    }
    held = {}
    switches = [name for name, widget in asked.items() if widget.kind == "switch"]
    others = [name for name in asked if name not in switches]
    # row by row, so that a narrow screen stacks them in their order
    for pair in (others[at : at + 2] for at in range(0, len(others), 2)):
        for name, place in zip(pair, st.columns(2, gap="small"), strict=False):
            with place:
                held[name] = option_form.draw_one(asked[name], f"own.{token}.{name}")
    # side by side where their words have room
    with st.container(horizontal=True, gap="small"):
        for name in switches:
            held[name] = option_form.draw_one(asked[name], f"own.{token}.{name}")
    return validate(found.suggested.replace(**option_form.values(asked, held)))


def pointless(found: "Found") -> list[str]:
    """List the choices that would change nothing for these pictures."""
    means = {
        "split": found.gives_split,
        "without_copies": bool(found.duplicate_count),
        "without_empty": bool(found.nearly_empty_count),
    }
    return [name for name, has_meaning in means.items() if not has_meaning]


def use(token: str, brought: Brought, found: "Found") -> None:
    """Draw choices, the four pictures before and after, the name and the button."""
    from vae.data.own import prepared

    problem, made = None, None
    try:
        made = choices(token, found)
        st.html(pictures.pairs(found, made))
        found.splits(made)
    except UserError as error:
        problem = str(error)
    key = f"own.{token}.name"
    name = st.text_input(
        "Name of the set",
        value=brought.drawn.setdefault("name", prepared.free_name(stem(found.title))),
        key=key,
        max_chars=100,
        help="Under this name it stands among the images of the form, and on the command line.",
    )
    st.button(
        own_words.button(found, made),
        key="own.use",
        type="primary",
        width="stretch",
        disabled=problem is not None,
        on_click=state.press,
    )
    if state.was_pressed() and made is not None and problem is None:
        try:
            brought.prepare(made, prepared.check_name(name.strip()))
            st.rerun()
        except UserError as error:
            problem = str(error)
    failed = brought.preparing.error if brought.preparing is not None else None
    for sentence in filter(None, (problem, failed)):
        st.error(words.plain(sentence[:1].upper() + sentence[1:]))


def stem(title: str) -> str:
    """Give a file's name without its ending."""
    name = title.rpartition("/")[2]
    return name.partition(".")[0] or name
