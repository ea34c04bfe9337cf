"""Diagnose: what a model does well and badly, each finding with its evidence."""

from collections.abc import Mapping

from ui import frame
from ui.diagnose.view import prepare_pictures, view

TITLE = "Diagnose"
ORDER = 6
SCRIPT = "diagnose/diagnose.js"

SENTENCE = "Take q by its centre or its rim: the bars follow. Press a finding for its evidence."

EXPLANATION = """
- **The field** is p(z|x), where the model itself would put this image: log p(x|z) + log p(z) at a
  lattice of places, refined where the mass is. Its lines hold 39 and 86 % of it, as the ellipses
  of 1 and 2 σ hold of **q**, which is what the encoder says.
- **The bars** are in *nats*, each by a quadrature of its own: log p(x) and KL(q ‖ p(z|x)) as sums
  over a lattice, the ELBO as a sum over places of q. log p(x) = ELBO + KL: whatever q, the sum
  stays, and the ELBO is as high as q is near p(z|x). Grey pixels count as shares of black and
  white ones, so that p(x) is then no probability.
- **By hand**: the centre of q moves it, the squares on its rim stretch it, the circle turns it. By
  keys: arrows move, with shift they stretch, [ and ] turn. Most encoders say one σ per dimension:
  what a turn gains is what a posterior of full covariance would gain.
- **More than two dimensions** are cut: the others stay at μ, and what the bars tell holds there.
- **A model that is told a class**: q, p(z|x) and log p(x) are then given that class, which can be
  chosen. One that infers it also says log p(x) over all classes, and how likely each is.
- **The code of another image**: what the decoder scores an image at when it is given a code that is
  not the image's own. What lies between that and the reconstruction is owed to the code.
- **Holes** are places where the prior has mass and the images' posteriors have hardly any.
- **Images share a place** where their posteriors overlap: the best that a decoder of black and
  white pixels can say there is their mean, weighted by q(z|x), and a mean of images is blurred.
"""


def page() -> None:
    """Draw the page."""
    frame.about_model(TITLE, SENTENCE, "look at", view, EXPLANATION)


def prepare(model: str, asked: Mapping[str, str]) -> None:
    """Make ready the first image and what looks at it."""
    prepare_pictures(model)


if __name__ == "__main__":
    page()
