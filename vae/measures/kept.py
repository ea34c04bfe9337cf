"""What long work has found so far, so that it can go on where it was ended."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch


@dataclass(eq=False)
class Kept:
    """Values of the first images of each part of the work, and where its noise has got to."""

    found: dict[str, list[np.ndarray]] = field(default_factory=dict)
    """One value per image, in pieces, float64."""
    states: dict[str, np.ndarray] = field(default_factory=dict)
    """The state of the generator after these, uint8."""
    changed: Callable[["Kept"], None] | None = None
    """Hears of each change, to write it down."""

    def values(self, part: str) -> np.ndarray:
        """Return what there is of a part, (images so far,)."""
        pieces = self.found.get(part)
        return np.concatenate(pieces) if pieces else np.empty(0)

    def generator(self, part: str, seed: int) -> torch.Generator:
        """Return the generator of a part as its last piece left it, or a new one of a seed."""
        generator = torch.Generator().manual_seed(seed)
        if part in self.states:
            generator.set_state(torch.from_numpy(self.states[part].copy()))
        return generator

    def add(self, part: str, values: np.ndarray, generator: torch.Generator) -> None:
        """Keep the next values of a part."""
        self.found.setdefault(part, []).append(values)
        self.states[part] = generator.get_state().numpy()
        if self.changed:
            self.changed(self)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Give it as arrays of plain numbers."""
        values = {f"values {part}": self.values(part) for part in self.found}
        return values | {f"state {part}": state for part, state in self.states.items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "Kept":
        """Take back what `to_arrays` gave; parts of which anything is missing are left out."""
        kept = cls()
        for name, values in arrays.items():
            kind, _, part = name.partition(" ")
            state = arrays.get(f"state {part}")
            if kind == "values" and state is not None and np.isfinite(values).all():
                kept.found[part], kept.states[part] = [values.astype(np.float64)], state
        return kept
