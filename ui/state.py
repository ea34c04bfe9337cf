"""What the app remembers of a visitor: a typed view of widget keys and the URL, no second store."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vae.errors import UserError
from vae.models.place import is_place

MODEL = "model"
"""Key of the model picker's value, and its name in the URL."""
BESIDE = "beside"
"""Key of the choice of a second model, and its name in the URL."""
CHOSEN = "beside_chosen"
HELD, ORDERS, NOTICES = "pad_held", "pad_orders", "address_notices"


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

    def read_address(self, parameters: Any, library: Any, z_dim: Any) -> None:
        """Take model and z from the URL, once a visit; what is wrong there becomes a notice.

        `library` holds the known names, `z_dim(name)` gives a model's number of dimensions.
        """
        if NOTICES in self._store:
            return
        name, text = parameters.get(MODEL), parameters.get("z")
        notices = []
        if name is not None and name not in library:
            notices.append(unknown_model(name, self.model))
        elif text is not None and self.model is not None:
            try:
                self.hold(self.model, parse_z(text, z_dim(self.model)))
            except UserError as error:
                notices.append(f"{error} Started from the origin instead.")
        self._store[NOTICES] = tuple(notices)

    def choose_beside(self) -> None:
        """Remember that the visitor has just chosen a model beside: the URL is older than that."""
        self._store[CHOSEN] = True

    def read_beside(self, parameters: Any, names: Sequence[str]) -> None:
        """Take the second model from the URL, which the pad writes and Back changes.

        `names` are those that can stand beside. A URL without a place says nothing: it is a link
        to the page, and what stood beside before stays.
        """
        asked = parameters.get(BESIDE)
        if asked is not None and asked not in names and BESIDE not in self._store:
            self._store[NOTICES] = (*self.notices, unknown_beside(asked))
        if not self._store.pop(CHOSEN, False) and (asked is not None or "z" in parameters):
            self._store[BESIDE] = asked
        if self._store.get(BESIDE) not in names:
            self._store[BESIDE] = None

    def dismiss_notices(self) -> None:
        """Forget what was wrong with the address."""
        self._store[NOTICES] = ()


def unknown_model(name: str, instead: str | None) -> str:
    """Say that the address names a model which is not here."""
    remedy = f"{instead} is open instead" if instead else "train one first"
    return (
        f"The address names a model {shown(name)} that is not on this machine; {remedy}. "
        "Choose another at the top of the sidebar."
    )


def unknown_beside(name: str) -> str:
    """Say that the model which the address puts beside cannot stand there."""
    return (
        f"The address puts a model {shown(name)} beside this one, but there is none of that name "
        "with the same images on this machine; this one is shown alone. Choose another under "
        "“Model beside” in the sidebar."
    )


def parse_z(text: str, z_dim: int) -> tuple[float, ...]:
    """Read a latent vector from an address, as in ``z=0.42,-1.1``.

    Raises
    ------
    UserError
        When it does not hold exactly `z_dim` finite numbers.
    """
    remedy = f"this model takes {z_dim} finite number{'s' * (z_dim > 1)}, as in z={example(z_dim)}."
    try:
        z = tuple(float(part) for part in text[:10_000].split(","))
    except ValueError:
        raise UserError(f"The address asks for z = {shown(text)}, not numbers; {remedy}") from None
    if len(z) != z_dim:
        count = f"{len(z)} number{'s' * (len(z) > 1)}"
        raise UserError(f"The address asks for z = {shown(text)}, {count}; {remedy}")
    if not is_place(z, z_dim):
        raise UserError(
            f"The address asks for z = {shown(text)}, which is not a place on the map; {remedy}"
        )
    return z


def example(z_dim: int) -> str:
    """Return a latent vector in the address's form, shortened after three numbers."""
    return ",".join(["0.5", "-1", "0"][:z_dim] + ["…", "0"] * (z_dim > 3))


def shown(text: str) -> str:
    """Quote what a visitor wrote, at most 40 characters of it."""
    text = "".join(c if c.isprintable() else "·" for c in text)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
