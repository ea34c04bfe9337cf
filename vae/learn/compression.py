"""Compression: what passes through a bottleneck, by a network and by principal components."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from vae.data import Split
from vae.errors import UserError
from vae.learn.lesson import Facts, Lesson, Opened
from vae.learn.specimens import specimens
from vae.measures import widths
from vae.measures.standard_error import standard_error
from vae.models.vae import VAE
from vae.training.objectives.components import principal
from vae.training.objectives.nested_dropout import NestedReconstruction, first_of_code

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint

FEW, MORE = 4, 10
"""Widths that the question and the sheet ask about."""


class Curve(NamedTuple):
    """Squared error on the test images with 1, 2, … numbers of a code."""

    errors: np.ndarray
    """Mean over images, (widths,)."""
    off: np.ndarray
    """Standard errors of these means, (widths,)."""
    images: int

    def at(self, width: int) -> tuple[float, float]:
        """Return the error at a width, and its standard error."""
        return float(self.errors[width - 1]), float(self.off[width - 1])


def curve_of(checkpoint: "Checkpoint") -> Curve:
    """Read what was measured when a model was made.

    Raises
    ------
    UserError
        Where the model's file holds no curve of every width.
    """
    found, z_dim = checkpoint.metrics.get(widths.KEY), checkpoint.model.config.z_dim
    if not found or [one["width"] for one in found] != list(range(1, z_dim + 1)):
        raise UserError(
            f"{checkpoint.name} does not tell its error at every width; choose a model that was "
            "trained with --objective nested-dropout or pca"
        )
    errors, off = (np.array([one[key] for one in found]) for key in ("error", "error_stderr"))
    return Curve(errors, off, int(checkpoint.metrics["n_images"]))


def squared_errors(model: VAE, images: np.ndarray) -> np.ndarray:
    """Squared error of each uint8 image after encoder and decoder, over pixels in [0, 1], (N,)."""
    found: np.ndarray = widths.squared_errors(model, Split(images, None), [model.config.z_dim])[0]
    return found


def width_of(errors: np.ndarray, error: float) -> int:
    """Return the least width whose error is no larger; one more than there are for none."""
    return 1 + int(np.argmax(np.append(errors, -np.inf) <= error))


def facts(models: Opened) -> Facts:
    """Compute what the lesson states of the shipped models."""
    shown = specimens().images
    network, pca = (curve_of(models[role]) for role in ("nested", "components"))
    matches = width_of(pca.errors, network.at(FEW)[0])
    at = {
        "few": network.at(FEW),
        "few_pca": pca.at(FEW),
        "match": pca.at(min(matches, len(pca.errors))),
        "more_pca": pca.at(MORE),
        "widest": network.at(len(network.errors)),
        "widest_pca": pca.at(len(pca.errors)),
    }
    errors = {
        "ae_error": squared_errors(models["ae"].model, shown),
        "pca_error": squared_errors(models["pca"].model, shown),
    }
    return {
        "pixels": shown[0].size,
        "images": len(shown),
        "test_images": network.images,
        "widths": len(network.errors),
        "ahead": int((network.errors < pca.errors).sum()),
        "few_width": FEW,
        "more_width": MORE,
        "match": matches,
        **{name: float(values.mean()) for name, values in errors.items()},
        **{f"{name}_off": standard_error(values) for name, values in errors.items()},
        **{f"{name}_error": error for name, (error, _) in at.items()},
        **{f"{name}_error_off": off for name, (_, off) in at.items()},
    }


def data(models: Opened) -> dict[str, Any]:
    """Give the exhibit images, and how the error falls with the width."""
    network, pca = (curve_of(models[role]) for role in ("nested", "components"))
    return {
        "specimens": specimens().to_json(),
        "network": _rounded(network),
        "pca": _rounded(pca),
        "matches": [width_of(pca.errors, error) for error in network.errors],
    }


def _rounded(curve: Curve) -> dict[str, list[float]]:
    lists = {"errors": curve.errors, "off": curve.off}
    return {name: [round(float(value), 4) for value in values] for name, values in lists.items()}


COMPRESSION = Lesson(
    name="compression",
    order=1,
    models={
        "ae": "mnist-ae-2d",
        "pca": "mnist-pca-2d",
        "nested": "mnist-nested-32d",
        "components": "mnist-pca-32d",
    },
    facts=facts,
    sources=(VAE.encode, VAE.decode_mean, NestedReconstruction.terms, first_of_code, principal),
    exhibit="compression",
    data=data,
)
