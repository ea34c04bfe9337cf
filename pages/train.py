"""Train: choose images and a model, press one button, and watch it learn."""

from typing import Any

import streamlit as st

from ui import frame, visitor, words
from ui.routes import datasets, run_films, runs
from ui.routes import drawn as drawn_routes
from ui.train import card, comparison, drawn, form, own, shown, starting
from ui.train.runs import run_list
from ui.train.state import ONE_EPOCH, TrainState
from ui.train.view import train_view
from vae.errors import UserError
from vae.runs import watch

TITLE = "Train"
ORDER = 2
TRAINS = True
SCRIPT = "train/train.js"

EXPLANATION = """
- **Curves.** −ELBO is what training presses down: the *reconstruction* term −log p(x|z), how
  badly an image is made again from its code, plus the *KL*, how many nats the code tells about
  the image. Thin: training images, the mean since the last report. Strong: validation images,
  which the model never learns from. Where the strong line rises while the thin one falls, the
  model overfits: it fits the training images ever better, and images it has not seen worse.
  Where pixels have a density, −log p(x|z) and −ELBO may fall below 0, and lower is still better.
  An objective that presses down something else as well (a total correlation, a distance from the
  prior, a tighter bound) is drawn by the same two terms, so that models can be compared.
- **KL of each dimension** says how the model shares the code out. A dimension at 0 is not used.
- **The latent map** shows the posterior mean μ of the same validation images all the time, so a
  point that moves is an image that finds its place. With more than two dimensions it is the plane
  of largest spread, turned so that it stays like the picture before.
- **Samples** start from the same draws of the prior every time: what changes is the decoder.
- **Pause** saves everything; a paused run goes on exactly where it was. **Cancel** keeps what was
  learnt as a model, although the step size had not fallen to 0 yet.
"""


def routes() -> list[Any]:
    """Serve what this page's components fetch."""
    return [*datasets.routes(), *drawn_routes.routes(), *runs.routes(), *run_films.routes()]


def page() -> None:
    """Draw the page."""
    notices = st.container(gap=None)
    if own.is_open():
        frame.heading(TITLE, own.SENTENCE)
        own.step()
        return
    if drawn.is_open():
        frame.heading(TITLE, drawn.SENTENCE)
        drawn.step()
        return
    frame.heading(TITLE, "Choose images and a model, press Train, and watch it learn.")
    state, runs = TrainState(), watch.runs()
    run = shown.shown_run(runs)
    left, right = st.columns([1, 2.35], gap="medium")
    with left:
        if run is None:
            new_run()
        else:
            state.was_pressed()  # a second click of the press that started this run
            card.card(run)
        run_list(runs, run)
        if line := visitor.line():
            st.caption(line)
    with right:
        train_view(run or shown.last_seen(runs))
        comparison.draw(runs)
    if sentence := state.said():
        notices.warning(words.plain(sentence))
    with st.expander("What am I looking at?"):
        st.markdown(EXPLANATION)


@st.fragment
def new_run() -> None:
    """Draw the form, the estimate, and the button that starts the run.

    A choice draws these again and nothing else: the estimate answers it sooner.
    """
    state, runs = TrainState(), watch.runs()
    asked, problem = None, None
    try:
        asked = form.form()
        line = form.estimate_line(form.estimate_of(asked, runs), form.waiting_runs(runs))
    except UserError as error:
        problem = str(error)
    if (note := state.prefilled) and asked is not None:
        st.caption(words.plain(note))
    starting.buttons(asked)
    if (pressed := state.was_pressed()) and asked is not None:
        starting.start(asked, 1 if pressed == ONE_EPOCH else None)
        st.rerun()
    if problem:
        st.error(words.plain(problem))
    else:
        st.caption(words.plain(line))


if __name__ == "__main__":
    page()
