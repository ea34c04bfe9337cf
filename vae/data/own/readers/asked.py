"""Pictures whose height and width their file does not say: what may be meant."""

import math
from dataclasses import dataclass, field

import numpy as np

from vae.errors import UserError

LEAST, MOST = 4, 2048
SLENDER = 4
"""A picture whose one side is more than so many times the other is not offered."""
OFFERED = 12


@dataclass(frozen=True, eq=False)
class Asked:
    """A file of rows of values that may be pictures of several sizes.

    Attributes
    ----------
    name : str
        The file's.
    count : int
        Values in a row.
    sizes : tuple of (int, int)
        Heights and widths that they may be, the nearest to a square first.
    first : float array (values,)
        The values of the first row, as far as they are known, to show what each size makes of
        them.
    channels_last : bool
        Whether the three colours of a pixel follow one another, or all pixels of a colour.
    """

    name: str
    count: int
    sizes: tuple[tuple[int, int], ...]
    first: np.ndarray = field(default_factory=lambda: np.empty(0))
    channels_last: bool = True

    def picture(self, size: tuple[int, int]) -> np.ndarray | None:
        """Make the first row a picture, uint8 (H, W, C), of what its values span; None if not."""
        for channels in (1, 3):
            wanted = math.prod(size) * channels
            # a label may stand before the pixels
            if wanted in (len(self.first), len(self.first) - 1):
                values = self.first[len(self.first) - wanted :]
                low, high = float(values.min()), float(values.max())
                levels = np.rint(255 * (values - low) / (high - low or 1.0)).astype(np.uint8)
                if self.channels_last:
                    return levels.reshape(*size, channels)
                return levels.reshape(channels, *size).transpose(1, 2, 0)
        return None


class SizeNeeded(UserError):
    """Rows of values that can be read once their height and width are said."""

    def __init__(self, asked: Asked):
        high, wide = asked.sizes[0]
        self.asked = asked
        super().__init__(
            f"{asked.name} has {asked.count:,} values in a row and does not say how high and wide "
            f"a picture is; say it, such as by python -m vae prepare PATH --pixels {high}x{wide}"
        )


def no_square(count: int) -> str:
    """Say what is missing, as the end of a sentence that begins with a file's name."""
    return f"has {count:,} values in a row, which make no square picture"


def sizes_of(count: int) -> list[tuple[int, int]]:
    """List heights and widths of pictures, grey or of three colours, of so many values."""
    found = set()
    for channels in (1, 3):
        pixels, rest = divmod(count, channels)
        if rest:
            continue
        for high in range(LEAST, min(MOST, pixels) + 1):
            wide, rest = divmod(pixels, high)
            if not rest and LEAST <= wide <= MOST and max(high, wide) <= SLENDER * min(high, wide):
                found.add((high, wide))
    return sorted(found, key=lambda size: (max(size) / min(size), -max(size), size))[:OFFERED]
