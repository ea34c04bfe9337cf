"""Anomaly: which images a model finds strange, and how well that tells foreign ones."""

from collections.abc import Mapping
from typing import Any

from ui import frame
from ui.anomaly.view import FOREIGN, prepare_scores, view
from ui.routes import anomaly as routes_of

TITLE = "Anomaly"
ORDER = 8
SCRIPT = "anomaly/anomaly.js"

SENTENCE = "Move the line: what lies beyond it is called strange. Press a picture to see it large."

EXPLANATION = """
- **A score** says of every image how strange it is to the model; the higher the stranger. Most are
  in *nats*. All are listed with their area under the ROC curve (*AUC*): how often a foreign image
  scores higher than a normal one, with an interval of 95 % by resampling images.
- **Normal** are test images of the model's own data set, **foreign** what you choose: another data
  set, or one of the classes. Of each kind 2,000 are drawn once and for all, where there are more.
  What stands there first is of a quarter of them; all have been scored a moment later.
- **The threshold** is set by how many *false alarms* it gives on **validation** images, which the
  model was not trained on; how it does is said of **test** images. Of m alarms among n validation
  images the rate is (m + 1) / (n + 1): so often a new normal image lies beyond it.
- **Intervals** in brackets hold the true share with 95 % (Clopper and Pearson 1934). The band of
  the ROC curve is that interval at each threshold.
- **Where it is strange**: −log p of each pixel given the code, in *nats per pixel*.
- **The known failure.** A likelihood may rank foreign images as more normal than the model's own:
  it is high where pixels are easily predicted, as in plain dark pictures, whatever they show
  (Nalisnick et al. 2019). A model of clothes that is shown digits does so.
- **Slow scores** take many passes per image: they begin when you ask, on fewer images, and go on
  when you leave the page.
"""


def routes() -> list[Any]:
    """Serve what this page's component fetches."""
    return routes_of.routes()


def page() -> None:
    """Draw the page."""
    frame.about_model(TITLE, SENTENCE, "ask", view, EXPLANATION)


def prepare(model: str, asked: Mapping[str, str]) -> None:
    """Begin to score while the browser still loads its scripts."""
    prepare_scores(model, asked.get(FOREIGN))


if __name__ == "__main__":
    page()
