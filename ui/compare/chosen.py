"""Which models stand side by side: what the address asks for, and what the visitor chose."""

from collections.abc import MutableMapping
from typing import Any

from ui.address import shown
from ui.compare import partners
from ui.state import AppState, store

MODELS = "models"
"""The name in the address: the models with commas between them."""
KEY = "compare_models"
MOST, LEAST = 4, 2
LONGEST = 1000
"""Characters of the address that are read at most."""


class Chosen:
    """The models side by side; the first is the one that is open on every page."""

    def __init__(self, kept: MutableMapping[str, Any] | None = None):
        self._store = store() if kept is None else kept

    @property
    def models(self) -> list[str] | None:
        """The models in their order; None before anything was chosen."""
        return self._store.get(KEY)

    def begin(self, model: str, asked: str | None) -> str:
        """Take what the address asks for, once a visit; return the model that stands first."""
        if KEY in self._store:
            return model
        names = [] if asked is None else _names(asked)
        known = [name for name in names if partners.is_there(name)]
        first = known[0] if known else model
        self._store[KEY] = self._checked(first, names) if names else partners.proposed(first)
        return first

    def follow(self, model: str) -> list[str]:
        """Put the model that is open now first, and drop what cannot stand beside it."""
        before = self.models or []
        if before[:1] == [model]:
            return before
        # a model that was not there takes the place of the first
        others = before if model in before else before[1:]
        fit = partners.beside(model)
        kept = [model, *(name for name in others if name in fit)]
        self._store[KEY] = kept if len(kept) >= LEAST else partners.proposed(model)
        return list(self._store[KEY])

    def changed(self) -> None:
        """Open the first of those that the visitor chose, before the page is drawn anew."""
        if models := self.models:
            AppState(self._store).open(models[0])

    def _checked(self, first: str, names: list[str]) -> list[str]:
        fit = partners.beside(first)
        state, kept = AppState(self._store), [first]
        for name in names:
            if name in kept:
                continue
            if name not in fit:
                state.notice(left_out(name, partners.why_not(first, name)))
            elif len(kept) == MOST:
                state.notice(left_out(name, f"would be one more than the {MOST} that fit here"))
            else:
                kept.append(name)
        return kept if len(kept) >= LEAST else partners.proposed(first)


def left_out(name: str, why: str) -> str:
    """Say that a model which the address names does not stand here."""
    return f"The address asks for a model {shown(name)}, which {why}; it is left out."


def _names(asked: str) -> list[str]:
    names = [name.strip() for name in asked[:LONGEST].split(",")]
    return list(dict.fromkeys(filter(None, names)))
