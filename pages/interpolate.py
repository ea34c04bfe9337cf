"""Interpolate: two images, and two ways between them through the latent space."""

import streamlit as st

from ui import frame, resources, words
from ui.interpolator import interpolator
from ui.state import AppState
from vae.errors import UserError

TITLE = "Interpolate"
ORDER = 4

SENTENCE = "Choose two images, then move the slider: both ways between them are decoded as you go."

EXPLANATION = """
- **A and B** are two places z in the latent space. What you see is what the decoder makes of
  them; the small picture under it is the original image that was encoded there.
- **Straight** (*lerp*) mixes the coordinates: z = (1 − t) A + t B. **Spherical** (*slerp*) turns
  from A's direction to B's at an even pace, while the distance from the origin, |z|, runs evenly
  from A's to B's. On the map one is the chord, the other the arc.
- **Why the distance matters.** A standard normal prior in many dimensions is a thin shell: a draw
  has |z| ≈ √z_dim, give or take 0.7. In 2 dimensions that is anywhere between 0 and 3; in 20 it is
  4.5 ± 0.7. Half way between two independent draws the straight path is only at |z| ≈ √10 = 3.2;
  just 3 in 100 draws of the prior lie as near to the origin. The spherical path stays on the shell.
- **The curve** under a strip is log p(z) in *nats*. A density is highest at the origin, however
  rarely a draw falls there, so a curve that climbs far above the shaded band is as unusual as one
  that falls far below it.
- **Encoded images are no draws of the prior.** Their means μ often lie nearer to the origin than
  √z_dim, and dimensions that the model does not use stay near 0. The two ways then differ less.
- **Beyond the ends** t goes below 0 and above 1. The straight path goes on along its line; the
  spherical one goes on turning, and its |z| growing or shrinking, at the same pace, down to 0 at
  the least.
- **An autoencoder** has no prior: the curve shows the distance to the nearest encoded image
  instead. Where it is large nothing was ever asked of the decoder.
"""

LARGE = (
    "This decoder is too large to keep up with the hand in a browser: the server draws the images "
    "of each strip, and the slider goes through those."
)


def page() -> None:
    """Draw the page."""
    state = AppState()
    notices = st.container(gap=None)
    frame.heading(TITLE, SENTENCE)
    for notice in state.notices:
        notices.warning(words.plain(notice))
    if state.model is None:
        st.info("There is no model to look at yet: train one, or put one into `checkpoints`.")
        return
    try:
        interpolator(state.model)
        if resources.is_large(state.model):
            st.caption(LARGE)
    except UserError as error:
        st.error(words.plain(str(error)))
    with st.expander("What am I looking at?"):
        st.markdown(EXPLANATION)


if __name__ == "__main__":
    page()
