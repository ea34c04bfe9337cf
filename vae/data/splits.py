"""Images in memory: a split, a data set of three splits, and the fixed cuts between them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vae.errors import UserError

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Images with what is known about each of them.

    Attributes
    ----------
    images : uint8 array of shape (N, channels, height, width)
        0 is black, 255 is white.
    labels : int64 array of shape (N,), or None
    factors : float32 array of shape (N, F), or None
        What the image was drawn from; the columns are named by the data set.
    stated : str
        The digest that was written down with the images, "" for none.
    """

    images: np.ndarray
    labels: np.ndarray | None = None
    factors: np.ndarray | None = None
    stated: str = ""

    def __post_init__(self) -> None:
        if self.images.dtype != np.uint8 or self.images.ndim != 4:
            found = f"{self.images.dtype} of shape {self.images.shape}"
            raise ValueError(f"images must be uint8 of shape (N, C, H, W), not {found}")
        for name in ("labels", "factors"):
            values = getattr(self, name)
            if values is not None and len(values) != len(self):
                raise ValueError(f"{len(self)} images but {len(values)} {name}")

    def __len__(self) -> int:
        return len(self.images)

    def sha256(self) -> str:
        """Hex digest of the pixels in C order; computed once."""
        return self._digest

    def fingerprint(self) -> str:
        """Hex digest of the pixels as it was written down, else computed: no image is read."""
        return self.stated or self.sha256()

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(np.ascontiguousarray(self.images).data).hexdigest()

    def take(self, index: np.ndarray) -> "Split":
        """Copy the rows named by an integer array."""
        labels = None if self.labels is None else self.labels[index]
        factors = None if self.factors is None else self.factors[index]
        return Split(self.images[index], labels, factors)


@dataclass(frozen=True, eq=False)
class ImageDataset:
    """Three disjoint splits of images of one shape; `train` is without `validation`."""

    name: str
    title: str
    train: Split
    validation: Split
    test: Split
    class_names: tuple[str, ...] = ()
    factor_names: tuple[str, ...] = ()

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return tuple(self.train.images.shape[1:])

    def split(self, name: str) -> Split:
        """The split of that name; an unknown one is a `UserError`."""
        if name not in SPLITS:
            raise UserError(f"unknown split {name!r}; choose from {', '.join(SPLITS)}")
        return getattr(self, name)


def permutation(n: int, seed: int = 0) -> np.ndarray:
    """Fixed permutation of range(n).

    It ranks the raw words of PCG64: NumPy keeps those the same for ever, which it does not
    promise of `Generator.permutation`, and a moved cut would leak test images into training.
    """
    words = np.random.PCG64(seed).random_raw(n)
    return np.argsort(words, kind="stable")


def validation_count(n: int) -> int:
    """How many of n training images are held out for validation: a twelfth."""
    return round(n / 12)


def cut(n: int, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Part range(n) by a fixed draw: `first` rows and the others, each in ascending order."""
    order = permutation(n)
    return np.sort(order[:first]), np.sort(order[first:])
