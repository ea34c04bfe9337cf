"""Explore: the plane, the image and the sliders of one model; the decoder follows the hand."""

from typing import Any

import streamlit as st

from ui import collapse, frame, resources, words
from ui.components.latent_pad import latent_pad
from ui.resources import decoding, families
from ui.resources.kinds import others_of_same_images
from ui.routes import originals
from ui.state import BESIDE, AppState, held
from vae.errors import UserError

TITLE = "Explore"
ORDER = 1
SCRIPT = "pad/pad.js"
SENTENCE = "Move over the map: the decoder follows. Press to hold."
TOUCH = "Drag over the map: the decoder follows. Two fingers zoom."

EXPLANATION = """
- **A point** on the map is one held-out image. The encoder gives it a normal distribution
  q(z|x): its *mean* μ is where the point lies, its *standard deviation* σ is the ellipse around
  it when the hand is near. The colour is the image's class{told}
- **The rings** are 1, 2 and 3 standard deviations of the prior p(z), where the model was told to
  keep its points; it did not keep all of them there. A learned prior has **contours** instead,
  which hold as much of it: 39, 86 and 99 %. Where each class has a prior of its own they are those
  of the class that is told; in colour stands 86 % of each other class's.
- **The border of the image** is dashed where z is *far from what the model was trained on*: in a
  hole between the points as well as beyond them. It counts as far when the 15th nearest encoded
  image is much farther away than it is around those images themselves; of samples from the
  posteriors of held-out images only 1 in 100 lies so.
- **Beside the image** stands the encoded image under the hand, or else the one nearest to z, over
  what the decoder makes of it. The line below says what the 15 nearest are, over all dimensions
  of z, and shows the nearest four.
- **The image** is what the decoder makes of the z under the hand: the mean pixels of p(x|z), or
  with *sample* one draw of pixels from it. Every z has an image, also where no point lies.
- **KL** beside a slider says how many *nats* that dimension tells about an image on average
  (1 nat is 1.44 bits). At 0 it tells nothing: moving it changes nothing.
- **An autoencoder** has neither σ nor prior: each image is one exact point, and between the
  points nothing was ever asked of the decoder.
"""

UNTOLD = ", which the model never saw."
TOLD = """.
- **The classes**: encoder and decoder of this model are told the image's class, so that z holds
  what is left, such as slant and width. Hold z and press one class after the other: one style in
  all classes."""

RATE = """
- **β** is what a nat of *rate* costs in nats of *distortion*: the model was trained for every β of
  the slider's range at once. The rate is the mean KL, what z tells about an image; the distortion
  is −log p(x|z), what is lost. Both were measured on the test images at several β, and are
  interpolated between. The points lie where the encoder puts the images at that β. As β rises,
  dimensions stop telling images apart: that is a *collapse*. Which z is far from the images is
  known at β = 1 alone.
"""

INFERRED = """.
- **The classes**: the model saw the class of a few images and infers those of all others. z holds
  what is left: hold it and press one class after the other."""

LARGE = (
    "This decoder is too large to keep up with the hand in a browser: the server decodes for it, "
    "as fast as the connection allows."
)


def routes() -> list[Any]:
    """Serve what this page's components fetch."""
    return originals.routes()


def page() -> None:
    """Draw the page."""
    state = AppState()
    notices = st.container(gap=None)
    frame.heading(TITLE, SENTENCE, TOUCH)
    if state.model is None:
        st.info("There is no model to explore yet: train one, or put one into `checkpoints`.")
        return
    try:
        other = choose_other(state.model)
        if collapsed := collapse.line(state.model):
            notices.warning(collapsed)
        pads(state.model, other)
        below(state.model)
    except UserError as error:
        st.error(words.plain(str(error)))


def pads(model: str, other: str | None) -> None:
    """Draw the pad, and a second one beside it where one is chosen."""
    if other is None:
        latent_pad(model)
        return
    left, right = st.columns(2)
    with left:
        latent_pad(model, other=other)
    with right:
        latent_pad(other, key="pad-beside", other=model, beside=True)


def choose_other(model: str) -> str | None:
    """Let the visitor open a second model of the same images; None while there is none."""
    names = others_of_same_images(model)
    state = AppState()
    state.read_beside(st.query_params, names, resources.header)
    names = families.folded(names, [model, *filter(None, [held(BESIDE)])])
    with st.sidebar:
        return st.selectbox(
            "Model beside",
            [None, *names],
            format_func=lambda name: families.title(name) if name else "none",
            key=BESIDE,
            on_change=state.choose_beside,
            placeholder="none",
            disabled=not names,
            help="A second model of the same images on the same screen: an image that is chosen or "
            "drawn is encoded by both, and the hand on one map moves the other, to the same z or "
            "to the same image.",
            persist_state="session",
        )


def below(model: str) -> None:
    """Write the model's numbers and the explanation under the pad."""
    if decoding.is_large(model):
        st.caption(LARGE)
    told = words.is_told_classes(header := resources.header(model))
    line = words.numbers_line(header["metrics"], told)
    if line:
        st.caption(f"{families.title(model)} · {line}")
    with st.expander("What am I looking at?"):
        explained = EXPLANATION.format(told=classes_text(header))
        st.markdown(explained if words.betas(header) is None else explained + RATE)


def classes_text(header: dict[str, Any]) -> str:
    """Say what the model knew of the classes."""
    if words.infers_classes(header):
        return INFERRED
    return TOLD if words.is_told_classes(header) else UNTOLD


if __name__ == "__main__":
    page()
