"""The data sets on this machine, opened once for all visitors, and the originals of a model."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import resources
from vae.errors import UserError

if TYPE_CHECKING:
    import numpy as np

    from vae.data import ImageDataset, Split


def sample(name: str, count: int) -> "np.ndarray":
    """Return training images, uint8 (count, H, W, C), of every class as far as there are classes.

    Raises
    ------
    UserError
        When the data set is unknown or not on this machine.
    """
    return _sample(name, count, version(name))


def version(name: str) -> str:
    """Tell own images from others that were prepared under their name before; "" for a built-in."""
    from vae.data.own import prepared

    return prepared.version(name)


def originals(name: str) -> "Split | None":
    """Return the images that a model's atlas was encoded from, None where they are not here.

    They are those only where the sha256 of their pixels is the one in the model's file, and its
    rows are all there.
    """
    described = _described(name)
    found = _originals(*(str(described.get(key)) for key in ("name", "split", "sha256")))
    if found is None:
        return None
    atlas = resources.checkpoint(name).atlas
    # a file may claim the images of a data set and rows that it does not have
    return None if atlas is not None and atlas.index.max() >= len(found) else found


def of_model(name: str) -> "ImageDataset | None":
    """Return the data set of a model, None where it is not here or not the one of its file."""
    return None if originals(name) is None else _dataset(str(_described(name)["name"]))


def by_name(name: str) -> "ImageDataset":
    """Open a data set that is on this machine; `UserError` where it is not."""
    return _dataset(name)


def framing(name: str) -> dict[str, Any] | None:
    """Tell how the images of a model's data set were placed; None where not all were alike."""
    from vae import data

    found = data.framing_of(_described(name).get("name"))
    return None if found is None else asdict(found)


def _described(name: str) -> dict[str, Any]:
    """Return what a model's file says of its images, by the name that they have here now."""
    from vae import data

    described: dict[str, Any] = resources.header(name)["dataset"]
    return described | {"name": data.name_of(described) or described.get("name")}


def _dataset(name: str) -> "ImageDataset":
    # own images may be deleted, and others prepared under their name
    return _opened(name, version(name))


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(name: str, version: str) -> "ImageDataset":
    from vae import data

    return data.load(name, download=False)


@st.cache_resource(max_entries=32, show_spinner=False)
def _sample(name: str, count: int, version: str) -> "np.ndarray":
    import numpy as np

    from vae import data

    # not `_dataset`: a look at the form should not keep whole data sets in memory
    split = data.load(name, download=False).train
    none = np.zeros(len(split), np.int64)
    rows = one_of_each_first(none if split.labels is None else split.labels)[:count]
    return np.moveaxis(split.images[rows], 1, 3)


# forgotten now and then: the files may be put there, or taken away, while the server runs
@st.cache_resource(max_entries=16, ttl=60, show_spinner=False)
def _originals(name: str, split: str, sha256: str) -> "Split | None":
    from vae.data import SPLITS, is_known

    if not is_known(name) or split not in SPLITS:
        return None
    try:
        found = _dataset(name).split(split)
    except UserError:
        return None
    return found if found.sha256() == sha256 else None


def one_of_each_first(labels: Any) -> Any:
    """Order rows so that the first of every class comes first, then every second one, …"""
    import numpy as np

    turn = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        same = labels == label
        turn[same] = np.arange(same.sum())
    return np.lexsort((labels, turn))
