"""Classifiers that are trained when they are first asked for, and kept on disk.

They lie in ``VAE_RUNS/.cache/classifiers/`` under a key made from the images, their labels and the
settings. A file that is damaged, or of another program, reads as one that never was.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from vae.data import Split
from vae.errors import UserError
from vae.files import regular
from vae.files.writing import runs_folder, write_atomically
from vae.measures.classifier.trained import (
    COOLEST,
    GREY,
    HIDDEN,
    HOTTEST,
    LARGEST_SIDE,
    STEPS,
    Classifier,
    class_count,
    labelled,
    network_for,
    trained,
)

VERSION = 1
"""Raised when training goes otherwise, so that no old classifier answers."""
KEPT = 20
"""Classifiers kept on disk; the oldest go first."""
SUFFIX = ".safetensors"
ABOUT = "about"
"""Name, beside the weights, of the temperature, the accuracy and what they were measured on."""


def classifier_of(
    train: Split, validation: Split, progress: Callable[[int, int], None] | None = None
) -> Classifier:
    """Open the classifier of a data set, or train it; that takes some seconds.

    Parameters
    ----------
    train, validation : Split
        Images with labels: it learns from the first, and its accuracy and temperature are from the
        second. Both are hashed, which is quick where the same splits come again.
    progress : callable, optional
        Called with the steps done and the steps in all while it trains; what it raises ends that.

    Raises
    ------
    UserError
        Where images have no labels, or all the same one.
    """
    train, validation = labelled(train), labelled(validation)
    path = _path(train, validation)
    found = _read(path, train)
    if found is None:
        found = trained(train, validation, progress)
        # a classifier that cannot be kept is still one
        with suppress(UserError, OSError):
            _keep(path, found)
    return found


def is_kept(train: Split, validation: Split) -> bool:
    """Tell whether `classifier_of` finds a file, so that it need not train."""
    return regular.is_regular(_path(labelled(train), labelled(validation)))


def _path(train: Split, validation: Split) -> Path:
    settings = [VERSION, HIDDEN, STEPS, GREY, LARGEST_SIDE, COOLEST, HOTTEST]
    splits = [
        [split.sha256(), split.images.shape, hashlib.sha256(_bytes(split)).hexdigest()]
        for split in (train, validation)
    ]
    key = hashlib.sha256(json.dumps([settings, splits]).encode()).hexdigest()
    return runs_folder() / ".cache" / "classifiers" / (key + SUFFIX)


def _bytes(split: Split) -> bytes:
    return np.asarray(split.labels, dtype=np.int64).tobytes()


def _keep(path: Path, classifier: Classifier) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    about = [classifier.temperature, classifier.accuracy, classifier.n_validation]
    tensors = {ABOUT: torch.tensor(about, dtype=torch.float64), **classifier.network.state_dict()}
    write_atomically(path, save_tensors(tensors))
    oldest = sorted(path.parent.glob(f"*{SUFFIX}"), key=lambda one: one.stat().st_mtime)
    for one in oldest[:-KEPT]:
        one.unlink(missing_ok=True)


def _read(path: Path, train: Split) -> Classifier | None:
    try:
        tensors = load_tensors(regular.read(path))
        temperature, accuracy, count = tensors.pop(ABOUT).tolist()
        network = network_for(train.images.shape[1:], class_count(train))
        network.load_state_dict(tensors)
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, RuntimeError):
        return None
    finite = all(bool(torch.isfinite(value).all()) for value in tensors.values())
    if not (finite and COOLEST <= temperature <= HOTTEST and 0 <= accuracy <= 1 <= count):
        return None
    return Classifier(network.eval().requires_grad_(False), temperature, accuracy, int(count))
