"""Places in a latent space, as text or a file may name them. Nothing here loads torch."""

from collections.abc import Sequence

FARTHEST = 1e6
"""A coordinate beyond this is a slip of the pen, not a place in a latent space."""


def is_place(z: Sequence[float], z_dim: int) -> bool:
    """Tell whether numbers are a place: as many as z has, none beyond `FARTHEST`, none a NaN."""
    return len(z) == z_dim and all(abs(value) <= FARTHEST for value in z)
