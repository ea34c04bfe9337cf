"""The body of the table: drawn anew while something is being measured."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from ui import navigation, resources, words, work
from ui.compare.numbers import measuring, pixels, rows, slow, table
from ui.resources import datasets, families
from vae.errors import UserError
from vae.measures.comparison import Row, written

HERE = Path(__file__).resolve().parent
POLL_SECONDS = 0.5
ALL = "compare_all_numbers"
LEGEND = (
    "**Bold**: significantly better than each other. ≈: not significantly different from another. "
    "p < 0.05 by a test over the same images, corrected (Holm) for the pairs of a row; another "
    "training may differ by more. Press a name or a sign for what it says."
)


def view(models: tuple[str, ...]) -> None:
    """Draw the table of two to four models."""
    st.subheader("Numbers", anchor=False)
    st.html(HERE / "numbers.css")
    if not measuring.can_be(models):
        _from_files(models)
        return
    binarize = pixels.ask(models)
    busy = _busy(models, binarize)
    st.fragment(_show, run_every=POLL_SECONDS if busy else None)(models, binarize, busy)


def _busy(models: Sequence[str], binarize: str) -> bool:
    quick, ahead = measuring.quick(models, binarize), slow.prospects(models, binarize)
    if quick.running or ahead.running:
        return True
    return any(one.running for one in slow.standings(list(ahead.found), binarize))


def _show(models: tuple[str, ...], binarize: str, busy: bool) -> None:
    quick, ahead = measuring.quick(models, binarize), slow.prospects(models, binarize)
    standings = slow.standings(list(ahead.found), binarize)
    known = {
        **measuring.refused(models, binarize),
        **measuring.found_of(quick),
        **slow.known(list(ahead.found), standings, binarize),
    }
    found = rows.rows(models, known)
    _tables(models, found, _caption(models[0]))
    _state(quick)
    with st.expander("Numbers that take minutes"):
        if not ahead.done:
            st.caption(words.plain(ahead.error or "looking how long they take …"))
        # a press is for all models, so it waits until all are known
        for standing in standings if ahead.done else ():
            _slow(standing, binarize)
    _downloads(found)
    if _busy(models, binarize) != busy:
        st.rerun()


def _tables(models: Sequence[str], found: list[Row], caption: str) -> None:
    labels = {model: families.title(model) + _at_beta(model) for model in models}
    split = datasets.originals(models[0])
    common = 0 if split is None else len(split)
    above = st.container()
    shown = found if st.toggle("All numbers", key=ALL) else rows.leading(found)
    above.html(table.table(shown, labels, caption, common))
    above.caption(LEGEND)


def _at_beta(model: str) -> str:
    return "" if words.betas(resources.header(model)) is None else " at β = 1"


def _caption(model: str) -> str:
    dataset = resources.header(model)["dataset"]
    split = datasets.originals(model)
    count = 0 if split is None else len(split)
    images = f"{count:,} images of its {dataset['split']} split"
    return f"{dataset['name']}, {images} unless a row says otherwise; number ± standard error"


def _state(quick: work.Work) -> None:
    """Say how far the quick numbers are, in a line that is always there."""
    if quick.running:
        st.progress(len(quick.found) / quick.total, "measuring …")
    elif quick.error is not None:
        st.error(words.plain(quick.error))
        st.button("Try again", on_click=quick.go_on, key="numbers_again")


def _slow(standing: slow.Standing, binarize: str) -> None:
    """One line for a measure of a size: how long it takes, how far it is, start and stop."""
    title = f"{standing.size.measure.title}, {standing.size.words}"
    key = f"{standing.size.measure.name}_{standing.size.images}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if standing.running:
            left = f", about {standing.left} left" if standing.left else ""
            st.progress(standing.progress, f"{title}{left}")
            st.button(
                "Stop", key=f"stop_{key}", on_click=lambda: _do(slow.stop, standing, binarize)
            )
        elif not standing.missing:
            said = "measured" if standing.ready else "has no meaning for these models"
            st.caption(f"{title}: {said}")
        elif navigation.read_only():
            st.caption(f"{title}: not measured yet, and on this server visitors only look")
        else:
            count = len(standing.missing)
            models = f"{count} model{'s' * (count > 1)}"
            about = words.duration(max(1.0, standing.seconds))
            st.caption(f"{title}: {models}, about {about}")
            st.button(
                "Measure",
                key=f"measure_{key}",
                on_click=lambda: _do(slow.start, standing, binarize),
            )
    for error in standing.errors:
        st.error(words.plain(error))


def _do(act: Callable[[slow.Standing, str], None], standing: slow.Standing, binarize: str) -> None:
    try:
        act(standing, binarize)
    except UserError as error:
        st.toast(words.plain(str(error)))


def _downloads(found: list[Row]) -> None:
    told = {"correction": written.CORRECTION} | {
        row.quantity.name: written.to_json(row) for row in found
    }
    with st.container(horizontal=True):
        for kind, data in (("csv", written.to_csv(found)), ("json", json.dumps(told, indent=1))):
            st.download_button(
                f"Numbers as {kind.upper()}", data, f"numbers.{kind}", key=f"numbers_{kind}"
            )


def _from_files(models: Sequence[str]) -> None:
    """Draw what the files tell where nothing can be measured."""
    st.caption(
        "The images are not on this machine: these numbers are from the models' files, without "
        "errors or tests."
    )
    labels = {model: families.title(model) + _at_beta(model) for model in models}
    st.html(table.table(rows.from_files(models), labels, "numbers of the models' files", 0))
