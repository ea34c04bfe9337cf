"""Variational autoencoders: data, models, training, evaluation and latent geometry.

>>> import vae
>>> model = vae.load("mnist-2d")
>>> posterior = model.encode(x)  # x: float pixels in [0, 1], shape (batch, 1, 28, 28)
>>> posterior.mean, posterior.stddev  # (batch, 2) each
>>> model.decode_mean(posterior.mean)  # (batch, 1, 28, 28)

Importing this package loads nothing heavy; each module loads what it needs when it is used.
"""

from __future__ import annotations

import typing

from vae.errors import UserError

if typing.TYPE_CHECKING:
    from vae.models.vae import VAE

__all__ = ["UserError", "load"]


def load(name_or_path: str) -> VAE:
    """Load a model, ready to encode and decode, by its name or its file.

    Raises
    ------
    UserError
        When there is no such model or the file is not a whole checkpoint.
    """
    from vae import checkpoint, library

    return checkpoint.read(library.find(name_or_path)).model
