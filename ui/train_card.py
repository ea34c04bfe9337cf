"""The card of one run: how far it is, what it reached, and what can be done with it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui import resources, run_routes, train_words, words
from ui.state import MODEL
from vae import run_watch
from vae.errors import UserError
from vae.run_watch import RunView

EXPLORE = "pages/explore.py"
RUN = "run"
"""Name of the shown run in the address."""
SHOWN, TRASHED, SAID = "train_shown", "train_trashed", "train_said"
FORM = ""
"""What `SHOWN` holds while the form is asked for, whatever run there is."""
POLL_SECONDS = 1.0


def shown_run(runs: list[RunView]) -> RunView | None:
    """Find the run to show: the last one looked at, else the address's, else the active one.

    None where the form is to be shown. A run that is gone becomes a sentence for the page. The
    address is only read by a new visit: a poll that was on its way while the visitor chose
    something else brings the old address along once more.
    """
    asked = st.session_state.get(SHOWN, st.query_params.get(RUN))
    if asked == FORM:
        forget(form=True)
        return None
    if asked:
        try:
            run = run_watch.view(asked)
            remember(run.id)
            return run
        except UserError as error:
            say(str(error))
            forget()
    active = [run for run in runs if run.active]
    if not active:
        return None
    # the one that trains rather than those that wait for it
    run = min(active, key=lambda run: run.position or 0)
    remember(run.id)
    return run


def last_seen(runs: list[RunView]) -> RunView | None:
    """Find the run whose pictures stand beside the form: the one that trains, else the newest."""
    seen = [run for run in runs if run.step and run.state != "damaged"]
    return next((run for run in seen if run.active), seen[0] if seen else None)


def remember(run: str) -> None:
    """Show this run from now on, also after a reload."""
    st.session_state[SHOWN] = run
    if st.query_params.get(RUN) != run:
        st.query_params[RUN] = run


def forget(form: bool = False) -> None:
    """Show no run in particular; with ``form`` show the form even while one is active."""
    if form:
        st.session_state[SHOWN] = FORM
    else:
        st.session_state.pop(SHOWN, None)
    if RUN in st.query_params:
        del st.query_params[RUN]


def say(sentence: str) -> None:
    """Keep a sentence for the next drawing of the page."""
    st.session_state[SAID] = sentence


def said() -> str | None:
    """Take the sentence that was kept, if there is one."""
    return st.session_state.pop(SAID, None)


def card(run: RunView) -> None:
    """Draw the card of a run; while it is active it draws itself anew every second."""
    every = POLL_SECONDS if run.active else None
    st.fragment(_card, run_every=every)(run.id, run.state)


def _card(run_id: str, state: str) -> None:
    try:
        run = run_watch.view(run_id)
        if run.state != state:
            # what else is on the page depends on the state too
            st.rerun()
        with st.container(border=True):
            _head(run)
            _numbers(run)
            _buttons(run)
    except UserError as error:
        st.warning(words.plain(str(error)))
        _button("New run", "new-after", forget, True)


def _head(run: RunView) -> None:
    st.markdown(f"**{words.plain(run.id)}**")
    st.caption(train_words.model_line(run))
    st.progress(run.progress, text=words.plain(train_words.state_line(run)))
    if run.error:
        st.error(words.plain(run.error))
    elif run.warning:
        st.warning(words.plain(run.warning[:1].upper() + run.warning[1:] + "."))


def _numbers(run: RunView) -> None:
    st.caption(train_words.progress_line(run) if run.step else "No step made yet.")
    lines, _ = run_watch.metrics(run.path, _tail(run))
    line = (
        train_words.score_line(lines[-1], run_routes.validation_images(run.config))
        if lines
        else None
    )
    st.caption(line or "Nothing measured yet.")
    if run.state == "finished" and (tested := _tested(run)):
        st.caption(tested)


def _tested(run: RunView) -> str | None:
    """Say what a finished model reaches on the test split; None where its file cannot be read."""
    try:
        return words.numbers_line(resources.header(run.id)["metrics"])
    except UserError:
        return None


def _tail(run: RunView, most: int = 16_384) -> int:
    """Return the byte from which the newest report is surely whole; reports are far shorter."""
    try:
        return max(0, (run.path / "metrics.jsonl").stat().st_size - most)
    except OSError:
        return 0


def _buttons(run: RunView) -> None:
    from vae import run_control, run_orders

    # from the run itself, so that every tab knows, and knows when it is taken back
    asked = run.active and run_orders.ending(run_orders.pending(run.path)) is not None
    with st.container(horizontal=True, gap="small"):
        if run.state == "running":
            _button("Pause", "pause", _act, run_control.pause, run, disabled=asked)
        if run.resumable:
            _button("Resume", "resume", _act, run_control.resume, run, type="primary")
        if run.active or run.state in ("paused", "interrupted"):
            _button("Cancel", "cancel", _act, run_control.cancel, run, disabled=asked)
        if not run.active and run.has_model and resources.is_there(run.id):
            if st.button(
                "Open in Explore", "train.explore", type="primary", on_click=_open, args=(run,)
            ):
                st.switch_page(EXPLORE, query_params={})
        _button("New run", "new", forget, True)
    if asked:
        st.caption("Stopping after the step under way; then what was learnt is saved.")


def _button(label: str, key: str, act: Callable[..., None], *args: Any, **look: Any) -> None:
    if st.button(label, key=f"train.{key}", on_click=act, args=args, **look):
        # the card is a fragment of the page, and the rest of the page may have to change too
        st.rerun()


def _act(act: Callable[[str], None], run: RunView) -> None:
    """Do it; what cannot be done, because another tab was quicker, is a sentence."""
    try:
        act(run.id)
    except UserError as error:
        say(str(error))


def _open(run: RunView) -> None:
    st.session_state[MODEL] = run.id
