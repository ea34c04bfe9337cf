"""What a run's card says and offers at the run's end: what came of it, and a name of one's own."""

from typing import TYPE_CHECKING

import streamlit as st

from ui import resources, words
from ui.routes import run_films
from ui.state import AppState, held
from ui.train.shown import remember
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs import watch
from vae.runs.watch import RunView

if TYPE_CHECKING:
    from vae.runs.coach import Verdict

NAMED = ("finished", "cancelled")
"""States in which a model no longer changes, and may get a name of one's own."""


def verdict_of(run: RunView) -> "Verdict | None":
    """Judge a run that has ended by itself; None for any other."""
    from vae.runs import coach as verdict

    if run.state not in ("finished", "failed"):
        return None
    return verdict.of_run(run.path, _used(run))


def said(run: RunView, found: "Verdict | None") -> None:
    """Say what came of a run, and the next step."""
    # of a training that diverged the run's own error says the same
    if found is None or run.error:
        return
    sentence = words.plain(str(found))
    if found.kind in ("settled", "improving", "short"):
        st.info(sentence)
    else:
        st.warning(sentence)


def again_label(found: "Verdict | None") -> str:
    """Name the button that fills the form in for a run that should do better."""
    if found is None:
        return "Change the settings"
    longer = found.changes.get("longer", 0) > 1 and len(found.changes) == 1
    return "Set up a longer run" if longer else "Change the settings"


def again_line(run: RunView) -> str:
    """Say what the button of `again_label` does, and what it does not."""
    return f"This fills in the form for a new run from scratch; {run.id} stays as it is."


def tested_line(run: RunView) -> str | None:
    """Say what a finished model reaches on the test split; None where its file cannot be read."""
    try:
        header = resources.header(run.id)
        return words.numbers_line(header["metrics"], words.is_told_classes(header))
    except UserError:
        return None


def film_line(run: RunView) -> None:
    """Offer the map of a run that is over as it formed, as a film and as a strip."""
    if run.state in NAMED and any(watch.snapshots(run.path)):
        links = {"film (GIF)": "gif", "strip (PNG)": "png"}
        said = [f"[{name}]({run_films.address(run.id, kind)})" for name, kind in links.items()]
        st.caption(f"Its map as it formed: {' · '.join(said)}")


def may_be_named(run: RunView) -> bool:
    """Tell whether a run has a model that can get a name."""
    return run.state in NAMED and run.has_model


def name_field(run: RunView) -> None:
    """Draw the field in which the model gets a name of one's own, under which it is listed."""
    key = f"train.name.{run.id}"
    st.text_input(
        "Name of the model",
        value=run.id,
        max_chars=100,
        key=key,
        help="Under this name the model stands in the list of models. Letters, digits, dots, "
        "dashes and underscores.",
        on_change=_rename,
        args=(run.id, key),
    )
    if sentence := TrainState().said(key):
        st.error(words.plain(sentence))


def _rename(run: str, key: str) -> None:
    from vae.runs import control

    try:
        name = control.rename(run, held(key))
    except UserError as error:
        TrainState().say(str(error), key)
        return
    AppState().rename(run, name)
    remember(name)


def _used(run: RunView) -> int | None:
    try:
        used: int | None = resources.header(run.id)["metrics"].get("active_units")
        return used
    except UserError:
        return None
