"""Where a data set comes from, and how it becomes an `ImageDataset`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vae.data.files import Progress, RemoteFile, default_root, find_file
from vae.data.splits import ImageDataset, Split, cut, validation_count
from vae.errors import UserError


@dataclass(frozen=True)
class Framing:
    """How every image of a data set was placed: light on black, all of one size, in the middle.

    The longer side of what is not black fills ``box`` of the image; the centre of its ``middle``,
    "mass" or "box", lies at ``centre`` of the width and of the height.
    """

    box: float
    middle: str
    centre: float = 0.5


LIKE_MNIST = Framing(box=20 / 28, middle="mass", centre=14.5 / 28)
"""The centre of mass lies in the middle of pixel 14, counted from 0."""


@dataclass(frozen=True)
class Source:
    """A data set that can be loaded by name.

    Attributes
    ----------
    image_shape : tuple of int
        Channels, height, width.
    counts : mapping
        Images in "train", "validation" and "test" of the original.
    read : callable
        Takes the paths of `files`, in their order, and returns the training images, validation
        still among them, and the test images.
    files, mirrors : tuple
        What has to be downloaded, and the addresses to try, each with its closing slash; none
        where the images are drawn or come with a package.
    framing : Framing, optional
        How the images were placed; None where they were not placed alike.
    """

    name: str
    title: str
    description: str
    image_shape: tuple[int, int, int]
    counts: Mapping[str, int]
    read: Callable[..., tuple[Split, Split]]
    class_names: tuple[str, ...] = ()
    factor_names: tuple[str, ...] = ()
    files: tuple[RemoteFile, ...] = ()
    mirrors: tuple[str, ...] = ()
    framing: Framing | None = None

    @property
    def download_bytes(self) -> int:
        """Length of all files, 0 for what is built in."""
        return sum(file.size for file in self.files)

    def is_here(self, root: Path | None = None) -> bool:
        """Tell whether the images can be read without a download."""
        return not self.files or not self._missing(root or default_root())

    def state(self, root: Path | None = None) -> str:
        """Say where the images are: built in, on this machine, or how much is to be downloaded."""
        if not self.files:
            return "built in"
        missing = self._missing(root or default_root())
        if not missing:
            return "on this machine"
        size = sum(file.size for file in missing)
        return f"not on this machine ({max(1, round(size / 1e6))} MB to download)"

    def load(
        self, root: Path | None = None, download: bool = True, progress: Progress | None = None
    ) -> ImageDataset:
        """Read the images, after downloading what is missing if that is allowed.

        Parameters
        ----------
        root : Path, optional
            Folder that holds (or gets) the folder of this data set; see `files.default_root`.
        progress : callable, optional
            Called with the bytes downloaded so far and the bytes to download in all.

        Raises
        ------
        UserError
            If files are missing and cannot be had, or are not what they should be.
        """
        root = root or default_root()
        missing = self._missing(root)
        if missing and not download:
            raise UserError(f"{self._absent(root)}; {self._remedy(root, missing)}")
        if missing:
            self._download(root, missing, progress)
        paths = (find_file(root / self.name, file.name) for file in self.files)
        return self._dataset(*self.read(*paths))

    def _dataset(self, train: Split, test: Split) -> ImageDataset:
        """Hold the validation images out of the training images."""
        held_out = validation_count(len(train))
        if not held_out:
            problem = f"{len(train)} training images of {self.name!r} are too few"
            raise UserError(
                f"{problem} to hold a twelfth out for validation; at least 7 are needed"
            )
        validation, kept = cut(len(train), held_out)
        splits = (train.take(kept), train.take(validation), test)
        return ImageDataset(self.name, self.title, *splits, self.class_names, self.factor_names)

    def _missing(self, root: Path) -> tuple[RemoteFile, ...]:
        folder = root / self.name
        return tuple(file for file in self.files if find_file(folder, file.name) is None)

    def _download(
        self, root: Path, missing: tuple[RemoteFile, ...], progress: Progress | None
    ) -> None:
        # requests and pooch take a while to import, and are only needed here.
        from vae.data.download import Unreachable, fetch

        try:
            fetch(missing, root / self.name, self.mirrors, progress)
        except Unreachable as error:
            remedy = f"go online, {self._remedy(root, missing)}"
            raise UserError(f"{self._absent(root)} and {error}; {remedy}") from error

    def _absent(self, root: Path) -> str:
        return f"data set {self.name!r} is not complete in {root / self.name}"

    def _remedy(self, root: Path, missing: tuple[RemoteFile, ...]) -> str:
        names = ", ".join(file.name for file in missing)
        return f"put {names} there, or choose a data set that is built in, such as digits"
