"""A trained classifier with its temperature: which class an image shows, and how sure that is."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from torch import nn

from vae.data import Split
from vae.errors import UserError
from vae.measures.classifier.network import answers, build_classifier, train_classifier

HIDDEN = (256, 64)
"""Widths of the hidden layers; the last one's values are the features of an image."""
STEPS = 2000
GREY = 0.5
"""Share of the images that are shown as they are; the others are drawn as black and white."""
LARGEST_SIDE = 32
"""Images with a longer side are seen in half the size, or less."""
COOLEST, HOTTEST = 0.5, 20.0
"""Range of the temperature. Of few images that are all recognised the best one would be 0, and
every answer certain."""
HALVINGS = 60
"""Of the range of log temperature; what is left is below the precision of a float."""


class Opinions(NamedTuple):
    """What a classifier says of images."""

    label: np.ndarray
    """The most probable class of each, int64 (N,)."""
    confidence: np.ndarray
    """Its probability, float32 (N,)."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """A network with the temperature that makes its probabilities honest on held-out images.

    Source: Guo et al. 2017, "On calibration of modern neural networks", section 4.2.
    """

    network: nn.Sequential
    temperature: float
    accuracy: float
    """Share of the validation images that are seen as their own class."""
    n_validation: int
    """Labelled images that the accuracy and the temperature are from."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Probability of each class of uint8 images (N, C, H, W), float32 (N, classes)."""
        return softmax(answers(self.network, images) / self.temperature)

    def opinions(self, images: np.ndarray) -> Opinions:
        """Name the most probable class of uint8 images (N, C, H, W), and its probability."""
        found = self.probabilities(images)
        label = found.argmax(-1)
        return Opinions(label, found[np.arange(len(found)), label])

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return the values of the last hidden layer, float32 (N, 64)."""
        return answers(self.network[:-1], images)


def network_for(image_shape: tuple[int, ...], classes: int) -> nn.Sequential:
    """Make the untrained network of a `Classifier`."""
    pool = math.ceil(max(image_shape[1:]) / LARGEST_SIDE)
    return build_classifier(image_shape, classes, HIDDEN, pool=pool)


def trained(
    train: Split, validation: Split, progress: Callable[[int, int], None] | None = None
) -> Classifier:
    """Train a classifier on the labelled images of one split, and calibrate it on another.

    Raises
    ------
    UserError
        Where a split has no labels, or the training images are all of one class.
    """
    train, validation = labelled(train), labelled(validation)
    network = network_for(train.images.shape[1:], class_count(train))
    train_classifier(network, train.images, _labels(train), STEPS, grey=GREY, progress=progress)
    logits, labels = answers(network, validation.images), _labels(validation)
    right = float((logits.argmax(-1) == labels).mean())
    return Classifier(network, temperature_of(logits, labels), right, len(validation))


def labelled(split: Split) -> Split:
    """Return the images that have a label; `UserError` where none has."""
    rows = np.zeros(0, np.int64) if split.labels is None else np.flatnonzero(split.labels >= 0)
    if not len(rows):
        raise UserError("a classifier needs images with labels; choose a data set with classes")
    return split if len(rows) == len(split) else split.take(rows)


def class_count(train: Split) -> int:
    """Count the classes that labels number from 0; `UserError` where there is only one."""
    labels = _labels(train)
    if len(np.unique(labels)) < 2:
        raise UserError("all images are of one class; choose a data set with several")
    return int(labels.max()) + 1


def temperature_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """Find the temperature at which logits (N, classes) make labels (N,) the most probable.

    The log-likelihood is concave in 1/T, so that the sign of its slope leads there by halving.
    """
    own = logits[np.arange(len(labels)), labels].astype(np.float64)
    low, high = math.log(COOLEST), math.log(HOTTEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        share = softmax(logits.astype(np.float64) / math.exp(middle))
        # too sure: the labels' own logits are lower than the probabilities let expect
        too_sure = float(((share * logits).sum(-1) - own).mean()) > 0
        low, high = (middle, high) if too_sure else (low, middle)
    return math.exp((low + high) / 2)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn logits (N, classes) into probabilities."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def _labels(split: Split) -> np.ndarray:
    return np.zeros(0, np.int64) if split.labels is None else split.labels
