"""Interpolate: two images, and two ways between them through the latent space."""

from typing import Any

import streamlit as st

from ui import frame, resources, words
from ui.components.interpolator import elsewhere, interpolator
from ui.resources import decoding
from ui.routes import films

TITLE = "Interpolate"
ORDER = 4
SCRIPT = "interpolate/interpolate.js"

SENTENCE = "Choose two images, then move the slider: both ways between them are decoded as you go."

EXPLANATION = """
- **A and B** are two places z in the latent space, shown as the decoder draws them. The small
  picture beside a name is the original image that was encoded there.
- **Straight** (*lerp*) mixes the coordinates: z = (1 − t) A + t B. **Spherical** (*slerp*) turns
  from A's direction to B's at an even pace, while |z| runs evenly from A's to B's.
- **Why |z| matters.** In many dimensions a draw of a standard normal prior has |z| ≈ √z_dim, give
  or take 0.7. Half way between two draws the straight path is at about √(z_dim / 2), where hardly
  a draw ever falls; the spherical path stays at √z_dim. Encoded images often lie nearer to the
  origin, and then the two ways differ less.
- **The curve** under a strip is log p(z) in *nats*. The band shows where draws of the prior lie:
  a standard normal is densest at the origin, so a curve far above the band is as unusual as one
  far below it. Where each class has a prior of its own it is log p(z|y) of the class that is told
  there, with that class's band. An autoencoder has no prior: the curve is then the distance to
  the nearest encoded image.
- **The ellipses** on the map are the posteriors q(z|x) of the images at A and B, at 1σ and 2σ.
- **Beyond the ends** the straight path goes on along its line; the spherical one goes on turning
  while its |z| grows or shrinks, down to 0 at the least.
"""

LARGE = (
    "This decoder is too large to keep up with the hand in a browser: the server draws the images "
    "of each strip, and the slider goes through those."
)


def routes() -> list[Any]:
    """Serve what this page's components fetch."""
    return films.routes()


def page() -> None:
    """Draw the page."""
    frame.about_model(TITLE, SENTENCE, "look at", body, EXPLANATION)


def body(model: str) -> None:
    """Draw what answers to the hand."""
    interpolator(model)
    if decoding.is_large(model):
        st.caption(LARGE)
    for said in (elsewhere(), words.shown_beta(resources.header(model))):
        if said is not None:
            st.caption(said)


if __name__ == "__main__":
    page()
