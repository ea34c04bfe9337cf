"""Models as subjects of the same measures: of the same images, with the same pixels and draws."""

from vae.checkpoint import Checkpoint
from vae.data import SPLITS, ImageDataset
from vae.measures.registry import Subject


def why_not(checkpoint: Checkpoint, dataset: ImageDataset) -> str | None:
    """Say in a clause why a model's numbers of these images are not compared; None where they are.

    A model is compared on the images it was made for: same data set, by the sha256 of its pixels.
    """
    expected, shape = tuple(checkpoint.model.config.image_shape), tuple(dataset.image_shape)
    if expected != shape:
        return f"it takes images of {_size(expected)}, these are {_size(shape)}"
    described = checkpoint.dataset
    name, split, sha256 = (described.get(key) for key in ("name", "split", "sha256"))
    if sha256 is not None and split in SPLITS:
        if dataset.split(str(split)).sha256() == sha256:
            return None
        same_name = "another version of " if name == dataset.name else ""
        return f"it was trained on {same_name}{name or 'other images'}, not on these images"
    if name != dataset.name:
        return f"it was trained on {name or 'unknown images'}, not on {dataset.name}"
    return None


def subject_of(
    checkpoint: Checkpoint,
    dataset: ImageDataset,
    split: str = "test",
    binarize: str = "none",
    seed: int = 0,
) -> Subject:
    """Make a model the subject of measures that are compared.

    A density over pixels is always turned into a bound on the probability of 8-bit values, since
    densities themselves do not compare (Theis et al. 2016, section 3.1).

    Raises
    ------
    UserError
        As `Subject.of`.
    """
    dequantize = checkpoint.model.likelihood.is_density
    return Subject.of(checkpoint.model, dataset, split, seed, binarize, dequantize)


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
