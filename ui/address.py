"""What an address asks for, read or refused with one sentence."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from vae.errors import UserError
from vae.models.place import is_place

CLASS, BETA = "class", "beta"
"""What a model is told beside z, by the names that the pad writes into the address."""


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


def wrong_told(
    parameters: Mapping[str, str], header: Callable[[], dict[str, Any]], letter: str = ""
) -> list[str]:
    """Say what is wrong with the class and the β that an address asks of a model.

    The pad reads them itself, and begins with its usual ones where they are wrong. `header()` is
    what the model's file says of it, `letter` stands before the names of the model beside.
    """
    asked = {
        name: text for name in (CLASS, BETA) if (text := parameters.get(letter + name)) is not None
    }
    if not asked:
        return []
    from vae.models.config import VAEConfig

    config, found = VAEConfig.from_json(header()["model"]), []
    if (text := asked.get(CLASS)) is not None and not _is_class(text, config.classes):
        found.append(wrong_class(letter + CLASS, text, config.classes))
    if (text := asked.get(BETA)) is not None and not _is_beta(text, config.betas):
        found.append(wrong_beta(letter + BETA, text, config.betas))
    return found


def wrong_class(name: str, text: str, classes: int) -> str:
    """Say that the address asks for a class that a model of so many classes does not have."""
    asked = f"The address asks for {name} = {shown(text)}, but"
    if not classes:
        return f"{asked} this model is told no class; it is left out."
    return f"{asked} this model has the classes 0 to {classes - 1}; it starts as class 0 instead."


def wrong_beta(name: str, text: str, betas: tuple[float, float] | None) -> str:
    """Say that the address asks for a β at which a model is not known."""
    asked = f"The address asks for {name} = {shown(text)}, but"
    if betas is None:
        return f"{asked} this model is told no β; it is left out."
    low, high = betas
    return f"{asked} this model takes a β from {low:g} to {high:g}; it starts at β = 1 instead."


def _is_class(text: str, classes: int) -> bool:
    return re.fullmatch("[0-9]{1,5}", text) is not None and int(text) < classes


def _is_beta(text: str, betas: tuple[float, float] | None) -> bool:
    try:
        beta = float(text.replace("_", "x"))
    except ValueError:
        return False
    # the pad writes four digits
    return betas is not None and betas[0] * 0.999 <= beta <= betas[1] * 1.001


def example(z_dim: int) -> str:
    """Return a latent vector in the address's form, shortened after three numbers."""
    return ",".join(["0.5", "-1", "0"][:z_dim] + ["…", "0"] * (z_dim > 3))


def shown(text: str) -> str:
    """Quote what a visitor wrote, at most 40 characters of it."""
    text = "".join(c if c.isprintable() else "·" for c in text)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
