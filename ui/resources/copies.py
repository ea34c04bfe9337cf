"""The training image nearest to a draw, and how often new images have one as near."""

from typing import TYPE_CHECKING, Any, NamedTuple

from ui import resources
from ui.resources import datasets

if TYPE_CHECKING:
    import numpy as np

    from vae.checkpoint import Checkpoint

HELD_OUT = 200
"""Held-out images whose distances a draw's is held against, evenly taken."""


class Likest(NamedTuple):
    """The training image nearest to a draw."""

    row: int
    """In the training split."""
    pixels: bytes
    """Of that image, a byte each (channels, height, width)."""
    distance: float
    """Euclidean over pixels in [0, 1]."""
    share: float
    """Of held-out images that lie as near to a training image, or nearer."""
    share_decoded: float | None
    """Of their reconstructions; None where these are of another β."""
    held_out: int
    split: str


def likest(model: str, z: tuple[float, ...], label: int | None, beta: float = 1.0) -> Likest | None:
    """Find the training image nearest to what a model decodes at z; None without the images.

    Raises
    ------
    UserError
        For a β other than 1 which the model was not trained for.
    """
    from vae.export.pictures import decode
    from vae.measures.copies import nearest, share_as_near

    dataset = datasets.of_model(model)
    if dataset is None:
        return None
    import numpy as np

    told = None if label is None else np.array([label])
    network = resources.checkpoint(model).model
    image = decode(network if beta == 1 else network.at(beta), np.array([z]), told)
    found = nearest(np.moveaxis(image, 3, 1), dataset.train.images)
    held_out, decoded = resources.of_model(model, _yardstick, model)
    row = int(found.row[0])
    return Likest(
        row,
        dataset.train.images[row].tobytes(),
        float(found.distance[0]),
        float(share_as_near(found.distance, held_out)[0]),
        # reconstructions are known at β = 1
        float(share_as_near(found.distance, decoded)[0]) if beta == 1 else None,
        len(held_out),
        str(resources.header(model)["dataset"].get("split")),
    )


def _yardstick(opened: "Checkpoint", name: str) -> "tuple[np.ndarray, np.ndarray]":
    """Distances to the nearest training image: of held-out images, of their reconstructions."""
    import numpy as np

    from vae.export.pictures import decode
    from vae.measures.copies import nearest

    dataset, split = datasets.of_model(name), datasets.originals(name)
    assert dataset is not None and split is not None, "asked for only where the images are here"
    atlas = opened.atlas
    if atlas is None:
        rows = np.linspace(0, len(split) - 1, min(len(split), HELD_OUT)).astype(int)
        found = nearest(split.images[rows], dataset.train.images).distance
        return found, found[:0]
    places = np.linspace(0, len(atlas.loc) - 1, min(len(atlas.loc), HELD_OUT)).astype(int)
    told = atlas.label[places] if opened.model.conditioning.classes else None
    decoded = np.moveaxis(decode(opened.model, atlas.loc[places], told), 3, 1)
    both = np.concatenate([split.images[atlas.index[places]], decoded])
    found = nearest(both, dataset.train.images).distance
    return found[: len(places)], found[len(places) :]


def to_json(found: Likest) -> dict[str, Any]:
    """Give it as plain JSON values, the pixels in base64."""
    import base64

    return {**found._asdict(), "pixels": base64.b64encode(found.pixels).decode()}
