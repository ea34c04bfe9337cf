"""Generate: many draws at once, the manifold as a map, traversals, and a grid of classes."""

from typing import Any

import streamlit as st

from ui import frame
from ui.components.generator import generator
from ui.resources import decoding
from ui.routes import draws

TITLE = "Generate"
ORDER = 5
SCRIPT = "generate/generate.js"

SENTENCE = "Move the temperature: all draws follow. Press a picture to see it large."

EXPLANATION = """
- **A draw** is a z from the prior p(z), shown as the mean pixels of p(x|z). The *seed* chooses
  the noise behind the draws; the same seed gives the same draws again.
- **The temperature** scales that noise: z = T · ε for a standard normal. At 1 the draws are those
  of the prior. Below 1 they come from its middle: they look better and differ less. Above 1 they
  come from where the decoder has seen little. A mixture's noise is scaled about the mean of each
  component, a flow's before the flow moves it. Where each class has a prior of its own, z is drawn
  from that of the class that the decoder is told. Draws by a Gibbs chain have no such noise.
- **The manifold** is the decoder over a plane of z. In steps of equal probability z goes through
  the prior's inverse distribution function (Kingma and Welling 2014, figure 4).
- **Traversals** move one dimension alone, the most informative first. *Directions* are the
  eigenvectors of JᵀJ, where J is the decoder's Jacobian: along the first the picture changes most.
- **β**, where the model is told it, is what a nat of *rate* costs: all pictures follow its slider.
  Prior and noise stay as they are.
- **Labels** come from a classifier that was trained on the training images; its confidence is
  calibrated on validation images. It names a class for any picture, also for one that shows none.
- **The nearest training image** is the one of the least Euclidean distance over pixels. A draw is
  suspected as a copy where it lies nearer than held-out images, and their reconstructions, do.
"""

LARGE = "This decoder is large: the pictures come one after another."


def routes() -> list[Any]:
    """Serve what this page's component fetches."""
    return draws.routes()


def page() -> None:
    """Draw the page."""
    frame.about_model(TITLE, SENTENCE, "draw from", body, EXPLANATION)


def body(model: str) -> None:
    """Draw what answers to the hand."""
    generator(model)
    if decoding.is_large(model):
        st.caption(LARGE)


if __name__ == "__main__":
    page()
