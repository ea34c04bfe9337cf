"""Images to train on: the registry of data sets and the one function that loads them.

A new data set is one entry of `DATASETS`: what it is called, and a function that returns its
training and test images as two `Split`s.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from vae.data import digits, idx, sprites, without
from vae.data.files import Progress, RemoteFile, default_root
from vae.data.own import drawn, prepared
from vae.data.sources import LIKE_MNIST, Framing, Source
from vae.data.splits import SPLITS, ImageDataset, Split, validation_count
from vae.errors import UserError
from vae.options import choose

__all__ = [
    "DATASETS",
    "SPLITS",
    "Framing",
    "ImageDataset",
    "Source",
    "Split",
    "default_root",
    "find",
    "framing_of",
    "is_known",
    "load",
    "name_of",
    "origin_of",
    "source_of",
    "sources",
]

DIGITS = tuple("0123456789")
GARMENTS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
HIRAGANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")


def load(
    name: str, root: Path | None = None, download: bool = True, progress: Progress | None = None
) -> ImageDataset:
    """Load a data set by name.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    root : Path, optional
        Where data sets are looked for and downloaded to, each in a folder of its own name;
        `VAE_DATA`, or `~/.cache/vae-data`.
    download : bool
        Whether missing files may be downloaded.
    progress : callable, optional
        Called with the bytes downloaded so far and the bytes to download in all.

    Raises
    ------
    UserError
        If the name is unknown, or the files are missing, damaged or do not fit together.
    """
    return find(name).load(root, download, progress)


def find(name: str) -> Source:
    """The source of that name; an unknown one is a `UserError` that lists what there is.

    Images of one's own are found under the name that they were prepared under. A data set of which
    some classes are left out is named after their labels: mnist-without-3, mnist-without-3-8.
    """
    if name not in DATASETS and prepared.is_known(name):
        return prepared.find(name)
    if parts := _parted(name):
        return without.leave_out(find(parts[0]), parts[1])
    if drawn.is_drawn(name):
        raise UserError(
            f"the drawings {name} are not prepared yet; train on them from the Train page's sheet, "
            f"or prepare them by python -m vae prepare --drawn {name}"
        )
    return choose(sources() if isinstance(name, str) else DATASETS, name, "data set")


def sources() -> dict[str, Source]:
    """All data sets by name: those of the registry, then the prepared images on this machine."""
    return {**DATASETS, **prepared.sources()}


def is_known(name: object) -> bool:
    """Tell whether there is a data set of that name, built in, to be downloaded or prepared."""
    if not isinstance(name, str):
        return False
    return name in DATASETS or prepared.is_known(name) or _parted(name) is not None


def _parted(name: object) -> tuple[str, tuple[int, ...]] | None:
    """Part a name into a known data set and the labels left out of it; None for another."""
    parts = without.named(name) if isinstance(name, str) else None
    return parts if parts and (parts[0] in DATASETS or prepared.is_known(parts[0])) else None


def source_of(name: object) -> Source | None:
    """The source of that name; None where there is none: a file may hold any name."""
    if not isinstance(name, str) or not is_known(name):
        return None
    with suppress(UserError):
        return find(name)
    return None


def name_of(described: Mapping[str, object]) -> str | None:
    """Name the data set that a model's file describes, as it is called on this machine.

    Prepared images may have another name by now: they are known by the sha256 of their pixels.
    None where there is no such data set.
    """
    name = described.get("name")
    if isinstance(name, str) and (name in DATASETS or _parted(name)):
        return name
    return prepared.name_of(described)


def origin_of(name: str) -> dict[str, object]:
    """Tell what it takes to prepare own images again, under the key "images"; else nothing."""
    if name in DATASETS or not prepared.is_known(name):
        return {}
    return {"images": prepared.find(name).origin()}


def framing_of(name: object) -> Framing | None:
    """How the images of a data set were placed; None where they were not placed alike.

    None too for a name that is not known: a model's file may hold any.
    """
    source = source_of(name)
    return None if source is None else source.framing


def _counts(train: int, test: int) -> Mapping[str, int]:
    """Sizes of the splits, given the training images with validation still among them."""
    held_out = validation_count(train)
    return {"train": train - held_out, "validation": held_out, "test": test}


def _mnist_like(
    name: str,
    title: str,
    description: str,
    class_names: tuple[str, ...],
    files: tuple[tuple[str, int], ...],
    mirrors: tuple[str, ...],
    framing: Framing | None = None,
) -> Source:
    """A data set in the four files of MNIST; `files` holds the md5 and length of each."""
    shape = (1, 28, 28)
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return Source(
        name=name,
        title=title,
        description=description,
        image_shape=shape,
        counts=_counts(60_000, 10_000),
        read=partial(idx.read_splits, shape=shape, classes=len(class_names)),
        class_names=class_names,
        files=tuple(
            RemoteFile(f"{stem}-ubyte.gz", md5, size)
            for stem, (md5, size) in zip(names, files, strict=True)
        ),
        mirrors=mirrors,
        framing=framing,
    )


SOURCES = (
    Source(
        name="digits",
        title="Digits 8x8",
        description="1,797 handwritten digits of 8x8 pixels from scikit-learn; trains in seconds",
        image_shape=(1, 8, 8),
        counts=_counts(1_438, digits.TEST_COUNT),
        read=digits.splits,
        class_names=DIGITS,
        framing=Framing(box=1.0, middle="box"),
    ),
    _mnist_like(
        name="mnist",
        title="MNIST",
        description="70,000 handwritten digits of 28x28 pixels (LeCun, Cortes, Burges)",
        class_names=DIGITS,
        files=(
            ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
            ("d53e105ee54ea40749a09fcbcd1e9432", 28_881),
            ("9fb629c4189551a2d022fa330f9573f3", 1_648_877),
            ("ec29112dd5afa0611ce80d1b7f02629c", 4_542),
        ),
        mirrors=(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://raw.githubusercontent.com/fgnt/mnist/master/",
        ),
        framing=LIKE_MNIST,
    ),
    _mnist_like(
        name="fashion-mnist",
        title="Fashion-MNIST",
        description="70,000 pictures of clothes of 28x28 pixels (Zalando Research, 2017)",
        class_names=GARMENTS,
        files=(
            ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
            ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
            ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
            ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
        ),
        mirrors=(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        framing=Framing(box=1.0, middle="box"),
    ),
    # without a framing: no publication says how the characters were placed
    _mnist_like(
        name="kmnist",
        title="Kuzushiji-MNIST",
        description="70,000 cursive Japanese characters of 28x28 pixels (CODH, 2018)",
        class_names=HIRAGANA,
        files=(
            ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
            ("e144d726b3acfaa3e44228e80efcd344", 29_497),
            ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
            ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
        ),
        mirrors=(
            "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
            "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        ),
    ),
    Source(
        name="sprites",
        title="Sprites",
        description="36,000 white shapes of 64x64 pixels, drawn from five known factors",
        image_shape=(1, sprites.SIZE, sprites.SIZE),
        counts=_counts(*sprites.COUNTS[False]),
        read=sprites.splits,
        class_names=sprites.SHAPES,
        factor_names=sprites.FACTORS,
    ),
    Source(
        name="sprites-rgb",
        title="Coloured sprites",
        description="22,000 coloured shapes of 64x64 pixels, drawn from six known factors",
        image_shape=(3, sprites.SIZE, sprites.SIZE),
        counts=_counts(*sprites.COUNTS[True]),
        read=partial(sprites.splits, colour=True),
        class_names=sprites.SHAPES,
        factor_names=sprites.COLOUR_FACTORS,
    ),
)
DATASETS: dict[str, Source] = {source.name: source for source in SOURCES}
DEFAULT_DATASET = "mnist"
"""What is learnt from where nothing else is named."""
