"""Classes as a person names them on the command line: by name, or else by number."""

from typing import TYPE_CHECKING

from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

FLAG = "--label"


def class_label(checkpoint: "Checkpoint", text: str) -> int | None:
    """Turn a class name, or else a label number, into the label; None where it is neither."""
    folded = [name.casefold() for name in class_names(checkpoint)]
    if text.casefold() in folded:
        return folded.index(text.casefold())
    return _labels(checkpoint).get(text)


def class_names(checkpoint: "Checkpoint") -> list[str]:
    """Return the names of a model's classes; none where its file holds none."""
    return list(checkpoint.dataset.get("class_names") or [])


def name_of(checkpoint: "Checkpoint", label: int) -> str:
    """Return the name of a class, or its number where it has none."""
    names = class_names(checkpoint)
    return names[label] if label < len(names) else str(label)


def listed(checkpoint: "Checkpoint") -> str:
    """List the classes; empty where there are none."""
    return ", ".join(class_names(checkpoint) or list(_labels(checkpoint)))


def told(checkpoint: "Checkpoint", text: str | None) -> int | None:
    """Return the class that a model is told; None where the flag was not given.

    Raises
    ------
    UserError
        Where the model knows no such class, or is told no classes.
    """
    if text is None:
        return None
    if not checkpoint.model.conditioning.classes:
        raise UserError(
            f"the model {checkpoint.name} is told no class; leave {FLAG} out, or choose a model "
            "trained with --conditioning labels"
        )
    label = class_label(checkpoint, text)
    if label is None or label >= checkpoint.model.conditioning.classes:
        raise UserError(
            f"unknown class '{text[:60]}' of the model {checkpoint.name}; "
            f"choose from {listed(checkpoint)}"
        )
    return label


def _labels(checkpoint: "Checkpoint") -> dict[str, int]:
    import numpy as np

    known = {str(label): label for label in range(checkpoint.model.conditioning.classes)}
    if checkpoint.atlas is None:
        return known
    found = {str(label): int(label) for label in np.unique(checkpoint.atlas.label) if label >= 0}
    return known | found
