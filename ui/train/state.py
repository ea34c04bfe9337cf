"""What the Train page remembers of a visitor: a typed view of Streamlit's own state."""

from collections.abc import MutableMapping
from typing import Any

from ui.state import store

SHOWN, TRASHED, SAID = "train_shown", "train_trashed", "train_said"
LISTED, PRESSED, PREFILLED = "train_listed", "train_pressed", "train_prefilled"
UNFOLDED = "train_unfolded"
WHOLE, ONE_EPOCH = "whole", "one epoch"
"""How far the run goes that a press starts: to its end, or to its first pause."""


class TrainState:
    """One visitor's choices on the Train page."""

    def __init__(self, kept: MutableMapping[str, Any] | None = None):
        self._store = store() if kept is None else kept

    @property
    def shown(self) -> str | None:
        """The run that is looked at; None where the visitor has not said."""
        return self._store.get(SHOWN)

    @shown.setter
    def shown(self, run: str | None) -> None:
        self._keep(SHOWN, run)

    @property
    def trashed(self) -> str | None:
        """The folder of the run that was removed last, which can be brought back."""
        return self._store.get(TRASHED)

    @trashed.setter
    def trashed(self, folder: str | None) -> None:
        self._keep(TRASHED, folder)

    @property
    def unfolded(self) -> str | None:
        """The sweep whose members are listed; None where all are folded."""
        return self._store.get(UNFOLDED)

    @unfolded.setter
    def unfolded(self, sweep: str | None) -> None:
        self._keep(UNFOLDED, sweep)

    @property
    def prefilled(self) -> str | None:
        """What the form was filled in with; None where the visitor filled it in."""
        return self._store.get(PREFILLED)

    @prefilled.setter
    def prefilled(self, sentence: str | None) -> None:
        self._keep(PREFILLED, sentence)

    def key_showing(self, key: str, value: Any) -> str:
        """Name a widget that shows a value: another one where it was changed elsewhere.

        A widget whose value is put there from outside tells its first value as the visitor's
        choice where the page is drawn again before the browser has heard of it.
        """
        seen = f"{key}.seen"
        if seen in self._store and self._store[seen] != value:
            self.renew(key)
        self._store[seen] = value
        return f"{key}.{self._store.get(f'{key}.number', 0)}"

    def chose(self, key: str, value: Any) -> None:
        """Note that the visitor gave the widget this value."""
        self._store[f"{key}.seen"] = value

    def renew(self, key: str) -> None:
        """Let the widget be drawn anew, with the value that holds."""
        self._store[f"{key}.number"] = self._store.get(f"{key}.number", 0) + 1

    def listed(self, first: int) -> int:
        """How many earlier runs are listed; `first` before the visitor asked for more."""
        count: int = self._store.get(LISTED, first)
        return count

    def list_more(self, count: int) -> None:
        """List so many."""
        self._store[LISTED] = count

    def press(self, which: str = WHOLE) -> None:
        """Note that a button was pressed; the page acts on it once it knows all fields.

        A change of a field that comes together with the press is part of what is asked for.
        """
        self._store[PRESSED] = which

    def was_pressed(self) -> str | None:
        """Tell which button was pressed since this was asked last, if any."""
        which: str | None = self._store.pop(PRESSED, None)
        return which

    def say(self, sentence: str, of: str = "") -> None:
        """Keep a sentence for the next drawing: of the page, or of what `of` names."""
        self._store[SAID + of] = sentence

    def said(self, of: str = "") -> str | None:
        """Take the sentence that was kept, if there is one."""
        sentence: str | None = self._store.pop(SAID + of, None)
        return sentence

    def _keep(self, key: str, value: str | None) -> None:
        if value is None:
            self._store.pop(key, None)
        else:
            self._store[key] = value
