"""What the app remembers of a visitor: a typed view of widget keys and the URL, no second store."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.address import parse_z, unknown_beside, unknown_model, wrong_told
from vae.errors import UserError

MODEL = "model"
"""Key of the model picker's value, and its name in the URL."""
BESIDE = "beside"
"""Key of the choice of a second model, and its name in the URL."""
CHOSEN = "beside_chosen"
HELD, ORDERS, NOTICES = "pad_held", "pad_orders", "address_notices"
NEXT, OPENED = "model_next", "model_opened"


Header = Callable[[str], dict[str, Any]]
"""What a model's file says of it, by the model's name."""


def store() -> MutableMapping[Any, Any]:
    """Return Streamlit's own state of one visitor; only views such as `AppState` read it."""
    return st.session_state


def held(key: str) -> Any:
    """Return what the widget of a key holds; None where there is none yet."""
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:
    """Set the widget of a key, before it is drawn."""
    st.session_state[key] = value


def said_by(key: str) -> dict[str, Any]:
    """Return what the component of a key says; empty where it has said nothing."""
    return st.session_state.get(key) or {}


@dataclass(frozen=True)
class Command:
    """Where Python wants the pad to go; the pad obeys when `seq` is higher than before."""

    z: tuple[float, ...] | None
    seq: int


class AppState:
    """One visitor's choices; every property reads and writes Streamlit's own state."""

    def __init__(self, kept: MutableMapping[str, Any] | None = None):
        self._store = store() if kept is None else kept

    @property
    def model(self) -> str | None:
        """Name of the model that is open on every page; None where there is none."""
        return self._store.get(MODEL)

    def open(self, model: str) -> None:
        """Open a model on every page; only before the picker is drawn, as in a callback."""
        self._store[MODEL] = model
        self._store[OPENED] = True

    def was_opened(self) -> bool:
        """Tell whether `open` was called since this was asked last: the URL is older than that."""
        return bool(self._store.pop(OPENED, False))

    def open_next(self, model: str) -> None:
        """Open a model on every page when the app's script runs next."""
        self._store[NEXT] = model

    def take_next(self) -> None:
        """Open what was to be opened; only before the picker is drawn."""
        if (model := self._store.pop(NEXT, None)) is not None:
            self.open(model)

    def rename(self, model: str, name: str) -> None:
        """Keep a model open that has got another name."""
        if self.model == model:
            self.open(name)

    def held(self, model: str) -> tuple[float, ...] | None:
        """The z that was last held on a model's pad, or None."""
        held: dict[str, tuple[float, ...]] = self._store.get(HELD, {})
        return held.get(model)

    def hold(self, model: str, z: tuple[float, ...]) -> None:
        """Remember the z that is held on a model's pad."""
        self._store[HELD] = {**self._store.get(HELD, {}), model: z}

    def command(self, model: str) -> Command:
        """What the pad of a model is told: where to start, and the number of the last order."""
        return Command(self.held(model), self._store.get(ORDERS, 0))

    def send(self, model: str, z: tuple[float, ...]) -> None:
        """Move a model's pad to z, whatever the visitor holds there now."""
        self.hold(model, z)
        self._store[ORDERS] = self._store.get(ORDERS, 0) + 1

    @property
    def notices(self) -> tuple[str, ...]:
        """What was wrong with the address the visitor came by, one sentence each."""
        notices: tuple[str, ...] = self._store.get(NOTICES, ())
        return notices

    def read_address(self, parameters: Any, library: Any, header: Header) -> None:
        """Take model and z from the URL, once a visit; what is wrong there becomes a notice.

        `library` holds the known names, `header(name)` gives what a model's file says of it.
        """
        if NOTICES in self._store:
            return
        name, model = parameters.get(MODEL), self.model
        notices = []
        if name is not None and name not in library:
            notices.append(unknown_model(name, model))
        elif model is not None:
            if (text := parameters.get("z")) is not None:
                try:
                    self.hold(model, parse_z(text, header(model)["model"]["z_dim"]))
                except UserError as error:
                    notices.append(f"{error} Started from the origin instead.")
            notices += wrong_told(parameters, lambda: header(model))
        self._store[NOTICES] = tuple(notices)

    def choose_beside(self) -> None:
        """Remember that the visitor has just chosen a model beside: the URL is older than that."""
        self._store[CHOSEN] = True

    def read_beside(self, parameters: Any, names: Sequence[str], header: Header) -> None:
        """Take the second model from the URL, which the pad writes and Back changes.

        `names` are those that can stand beside. A URL without a place says nothing: it is a link
        to the page, and what stood beside before stays.
        """
        asked = parameters.get(BESIDE)
        if asked is not None and BESIDE not in self._store:
            known = asked in names
            wrong = wrong_told(parameters, lambda: header(asked), "b") if known else ()
            self._store[NOTICES] = (*self.notices, *(wrong if known else [unknown_beside(asked)]))
        if not self._store.pop(CHOSEN, False) and (asked is not None or "z" in parameters):
            self._store[BESIDE] = asked
        if self._store.get(BESIDE) not in names:
            self._store[BESIDE] = None

    def notice(self, sentence: str) -> None:
        """Remember something that is wrong with the address."""
        self._store[NOTICES] = (*self.notices, sentence)

    def dismiss_notices(self) -> None:
        """Forget what was wrong with the address."""
        self._store[NOTICES] = ()
