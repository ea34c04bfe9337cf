"""Two to four models side by side."""

from ui.compare.chooser import choose
from ui.compare.chosen import LEAST, Chosen
from ui.compare.parts import PARTS
from ui.compare.pictures import pictures
from ui.resources import datasets, payloads

SENTENCE = "Models side by side: point at a map, and the same image lights up in all."
EXPLANATION = """
- **Columns** are models of the same images. The first is the model in the sidebar. Rows are the
  same thing in each.
- **Test images** are encoded and decoded at the posterior mean μ. −log p(x|z) is in *nats* per
  image at that place. Nats of another kind of p(x|z) mean another thing, and are not compared.
- **Draws** are mean pixels of p(x|z) at draws from each model's own prior. The noise behind them is
  the same in models of as many dimensions. An autoencoder has no prior: its draws come from a
  normal that is fitted to its codes.
- **The path** runs straight in z, from the code of A to the code of B. A conditional model is told
  the class of the nearer end.
- **The maps** show where the images are encoded. One that is pointed at, and those that are drawn
  around, light up in all. Of more than two dimensions the two directions of largest variance are
  shown. Maps have no common axes: only which images lie together can be compared.
"""


def prepare(model: str, asked: str | None) -> None:
    """Make ready what the pictures of the models need that the address asks for."""
    chosen = Chosen({})
    chosen.begin(model, asked)
    models = chosen.models or [model]
    for kind in ("decoder", "points", "encoder"):
        for name in models:
            payloads.prepare(name, kind)
        if kind == "decoder":
            # the images are read while the browser draws what needs none
            datasets.originals(models[0])


def beside(model: str) -> None:
    """Draw the choice of models and what is shown of them."""
    models = choose(model)
    if len(models) < LEAST or not pictures(models):
        return
    for part in PARTS:
        part(models)
