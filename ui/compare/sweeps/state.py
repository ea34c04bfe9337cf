"""What the page remembers of a visitor's sweeps: a typed view of Streamlit's own state."""

from collections.abc import MutableMapping
from typing import Any

from ui.state import store

PRESSED, NEXT, SAID = "sweep_pressed", "sweep_next", "sweep_said"


class SweepState:
    """One visitor's sweeps, of those that vary one option."""

    def __init__(self, option: str, kept: MutableMapping[str, Any] | None = None):
        self._option = option
        self._store = store() if kept is None else kept

    @property
    def key(self) -> str:
        """Key of the choice of a sweep."""
        return f"sweep_by_{self._option}"

    @property
    def name(self) -> str:
        """Name of that choice in the URL."""
        return f"by-{self._option.replace('_', '-')}"

    def press(self) -> None:
        """Note that the button was pressed; the page acts once it knows all fields."""
        self._store[f"{PRESSED}.{self._option}"] = True

    def was_pressed(self) -> bool:
        """Tell whether the button was pressed since this was asked last."""
        return bool(self._store.pop(f"{PRESSED}.{self._option}", False))

    def show_next(self, sweep: str) -> None:
        """Show this sweep when the page is drawn the next time."""
        self._store[f"{NEXT}.{self._option}"] = sweep

    def take_next(self) -> None:
        """Show what `show_next` named; only before the choice is drawn."""
        sweep = self._store.pop(f"{NEXT}.{self._option}", None)
        if sweep is not None:
            self._store[self.key] = sweep

    def say(self, sentence: str) -> None:
        """Keep a sentence for the next drawing."""
        self._store[f"{SAID}.{self._option}"] = sentence

    def said(self) -> str | None:
        """Take the sentence that was kept, if there is one."""
        sentence: str | None = self._store.pop(f"{SAID}.{self._option}", None)
        return sentence
