"""The card of one run: how far it is, what it reached, and what can be done with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import resources, words
from ui.routes import runs
from ui.state import AppState
from ui.train import end, prefill, steer
from ui.train import words as train_words
from ui.train.shown import forget, new_form
from ui.train.state import TrainState
from vae.errors import UserError
from vae.runs import watch
from vae.runs.watch import RunView

if TYPE_CHECKING:
    from vae.runs.coach import Verdict

EXPLORE = "pages/explore.py"
POLL_SECONDS = 1.0
CLOSING = ("measuring", "saving")
"""Phases after the last step."""
PAUSE, RESUME, CANCEL, STEP = "pause", "resume", "cancel", "step"
OPEN, AGAIN, REPEAT, NEW = "explore", "again", "repeat", "new"


def card(run: RunView) -> None:
    """Draw the card of a run; while it is active it draws itself anew every second."""
    every = POLL_SECONDS if run.active else None
    st.fragment(_card, run_every=every)(run.id, run.state)


def _card(run_id: str, state: str) -> None:
    if TrainState().shown not in (None, run_id):
        # it has got another name, or another run is asked for
        st.rerun()
    try:
        run = watch.view(run_id)
        if run.state != state:
            # what else is on the page depends on the state too
            st.rerun()
        with st.container(border=True):
            found = end.verdict_of(run)
            _head(run)
            end.said(run, found)
            _numbers(run)
            _buttons(run, found)
            if run.state == "finished":
                steer.longer(run)
            elif run.resumable or run.active and run.phase not in CLOSING:
                steer.controls(run)
            end.film_line(run)
            if end.may_be_named(run):
                end.name_field(run)
    except UserError as error:
        st.warning(words.plain(str(error)))
        _button("New run", "new-after", new_form, type="primary")


def _head(run: RunView) -> None:
    st.markdown(f"**{words.plain(run.id)}**")
    st.caption(train_words.model_line(run))
    st.progress(run.progress, text=words.plain(train_words.state_line(run)))
    if run.waits_for_room:
        st.warning(train_words.FULL_DISK)
    if run.error:
        st.error(words.plain(run.error))
    elif run.warning:
        st.warning(words.plain(run.warning[:1].upper() + run.warning[1:] + "."))


def _numbers(run: RunView) -> None:
    if run.state == "damaged":
        return
    st.caption(train_words.progress_line(run) if run.step else "No step made yet.")
    lines, _ = watch.metrics(run.path, _tail(run))
    tested = end.tested_line(run) if run.state == "finished" else None
    explained, images = words.MAY_BE_NEGATIVE in (tested or ""), runs.validation_images(run.config)
    line = train_words.score_line(lines[-1], images, explained) if lines else None
    if line or run.step:
        st.caption(line or "Nothing measured yet.")
    if tested:
        st.caption(tested)


def _tail(run: RunView, most: int = 16_384) -> int:
    """Return the byte from which the newest report is surely whole; reports are far shorter."""
    try:
        return max(0, (run.path / "metrics.jsonl").stat().st_size - most)
    except OSError:
        return 0


def _buttons(run: RunView, found: "Verdict | None") -> None:
    """Draw what can be done; the one primary button is the step that suggests itself."""
    from vae.runs import orders

    # from the run itself, so that every tab knows, and knows when it is taken back
    pending = orders.pending(run.path) if run.active else []
    ending = orders.ending(pending)
    asked = ending is not None
    # nothing can be saved now, and who does not want to wait for it may still cancel
    final = (PAUSE, CANCEL) if ending == "cancelled" or not run.waits_for_room else (PAUSE,)
    acts = actions(run, found, asked)
    with st.container(horizontal=True, gap="small"):
        for at, action in enumerate(acts):
            look = {"type": "secondary" if at else "primary"}
            stopping = asked and action in final
            _draw(action, run, found, look | {"disabled": stopping})
    if AGAIN in acts:
        st.caption(words.plain(end.again_line(run)))
    if asked and run.waits_for_room and ending != "cancelled":
        st.caption("Stops when there is room to save what was learnt; Cancel does not wait.")
    elif asked:
        st.caption("Stopping after the step under way; then what was learnt is saved.")
    elif orders.pauses(pending):
        st.caption("Pauses when it has made one more epoch.")


def actions(run: RunView, found: "Verdict | None", asked: bool = False) -> list[str]:
    """List what can be done with a run, first the step that suggests itself."""
    opens = not run.active and run.has_model and resources.is_there(run.id)
    look = [OPEN] if opens else []
    again = [RESUME] if run.resumable else []
    if run.state == "running":
        return [NEW, PAUSE, CANCEL] if asked else [PAUSE, CANCEL, NEW]
    if run.state == "queued":
        return [NEW, CANCEL] if asked else [CANCEL, NEW]
    if run.state in ("paused", "interrupted"):
        return [*again, STEP, CANCEL, *look, NEW]
    if run.state == "cancelled":
        return [*look, *again, REPEAT, NEW]
    if found is not None and found.changes:
        # a run whose numbers were lost would lose them again
        return [AGAIN, *look, NEW]
    return [*look, REPEAT, NEW] if run.state == "finished" else [*again, *look, NEW]


def _draw(action: str, run: RunView, found: "Verdict | None", look: dict[str, Any]) -> None:
    from vae.runs import control, steering

    if action == OPEN:
        label, key = "Open in Explore", f"train.{OPEN}"
        if st.button(label, key=key, on_click=_open, args=(run,), **look):
            st.switch_page(EXPLORE, query_params={})
        return
    buttons: dict[str, tuple[str, Callable[..., None], *tuple[Any, ...]]] = {
        PAUSE: ("Pause", _act, control.pause, run),
        RESUME: ("Resume" if run.step else "Start", _act, control.resume, run),
        CANCEL: ("Cancel", _act, control.cancel, run),
        STEP: ("One epoch", _act, steering.step, run),
        AGAIN: (end.again_label(found), _again, run, found),
        REPEAT: ("Repeat", _again, run, None),
        NEW: ("New run", new_form),
    }
    label, act, *given = buttons[action]
    _button(label, action, act, *given, **look)


def _again(run: RunView, found: "Verdict | None") -> None:
    """Fill the form in as for this run, with what its verdict proposes if any, and show it."""
    try:
        forget(True)
        prefill.fill(run, found)
    except UserError as error:
        TrainState().say(str(error))


def _button(label: str, key: str, act: Callable[..., None], *args: Any, **look: Any) -> None:
    if st.button(label, key=f"train.{key}", on_click=act, args=args, **look):
        # the card is a fragment of the page, and the rest of the page may have to change too
        st.rerun()


def _act(act: Callable[[str], None], run: RunView) -> None:
    """Do it; what cannot be done, because another tab was quicker, is a sentence."""
    try:
        act(run.id)
    except UserError as error:
        TrainState().say(str(error))


def _open(run: RunView) -> None:
    AppState().open(run.id)
