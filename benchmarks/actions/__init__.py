"""What a person does on each page, a file per page: the table behind `responsiveness`.

A new page is a file here with a function that gives its actions, and one entry in `PAGES`.
"""

from collections.abc import Callable

from benchmarks.actions.action import Action as Action
from benchmarks.actions.anomaly import anomaly
from benchmarks.actions.compare import compare
from benchmarks.actions.diagnose import diagnose
from benchmarks.actions.explore import explore
from benchmarks.actions.generate import generate
from benchmarks.actions.hand import MODELS as MODELS
from benchmarks.actions.interpolate import interpolate
from benchmarks.actions.learn import learn
from benchmarks.actions.map import map_page
from benchmarks.actions.train import train

PAGES: dict[str, Callable[[], list[Action]]] = {
    "explore": explore,
    "train": train,
    "map": map_page,
    "interpolate": interpolate,
    "generate": generate,
    "diagnose": diagnose,
    "compare": compare,
    "learn": learn,
    "anomaly": anomaly,
}
"""Stem of the page's file -> its actions, of which the first opens it from another page."""
