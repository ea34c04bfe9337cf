"""Own images: a step of the Train page, from files that are brought to a set in the form."""

from ui.train.own.view import SENTENCE, bring_button, is_open, step

__all__ = ["SENTENCE", "bring_button", "is_open", "step"]
