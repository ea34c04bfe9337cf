"""Drawing one's own data set: a step of the Train page, from a fresh sheet to a run."""

from ui.train.drawn.state import open_new, open_set
from ui.train.drawn.view import SENTENCE, draw_button, is_open, step

__all__ = ["SENTENCE", "draw_button", "is_open", "open_new", "open_set", "step"]
