"""One member of a sweep and what it reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.errors import UserError

if TYPE_CHECKING:
    from vae.runs.members import MemberView
    from vae.sweep import Member, Sweep

VALIDATION = "validation_elbo"


@dataclass(frozen=True)
class Row:
    """A member and its numbers."""

    member: "Member"
    state: str
    """As of a run; with the reason where it failed or cannot be read."""
    model: Path | None = None
    """Its file, where it has finished and can be read."""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    """As its file has them of the test split, with the validation's last ELBO."""


def of_sweep(sweep: "Sweep") -> list[Row]:
    """Read what each member's files say."""
    from vae.runs.members import look

    return [_row(seen) for seen in look(sweep)]


def _row(seen: "MemberView") -> Row:
    from vae import checkpoint
    from vae.runs import watch

    if seen.checkpoint is None or seen.run is None:
        why = f": {seen.error}" if seen.error else ""
        return Row(seen.member, f"{seen.state}{why}")
    try:
        metrics = checkpoint.read_header(seen.checkpoint)["metrics"]
    except UserError as error:
        return Row(seen.member, f"damaged: {error}")
    reports, _ = watch.metrics(seen.run.path)
    last = reports[-1].validation.elbo if reports else None
    return Row(seen.member, seen.state, seen.checkpoint, {**metrics, VALIDATION: last})
