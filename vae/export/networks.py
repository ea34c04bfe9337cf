"""Networks as one block of bytes that the browser runs by itself (`vae/web/core/decoder.js`).

A payload is a 4-byte little-endian header length, a JSON header padded so that the weights start
at a multiple of 4 bytes, and the weights, float16 where that loses nothing and float32 otherwise.
The layers stand in `vae.export.layers`.
"""

from typing import Any

import numpy as np
from torch import nn

from vae.checkpoint import Atlas, Checkpoint
from vae.errors import UserError
from vae.export.layers import Shape, Weights, export_stack
from vae.export.payload import frame
from vae.export.priors import prior_header
from vae.latent.projection import principal_plane
from vae.models.usage import ACTIVE_VARIANCE, variances
from vae.models.vae import VAE

FORMAT = "vae-network"
VERSION = 1
FRAME_BUDGET = 16_000_000
"""Multiply-adds above which a decoder is too large for the browser.

V8 does about two a nanosecond (`benchmarks/decoder_speed.py`): this many take 8 ms, half a frame of
a 60 Hz screen, which leaves room for the drawing and for a machine half as fast.
"""


def decoder_payload(checkpoint: Checkpoint) -> bytes:
    """Pack the decoder with what a page shows beside it: likelihood, classes, latent statistics.

    Raises
    ------
    UserError
        When a layer cannot be exported or a weight is not finite.
    """
    model = checkpoint.model
    told = model.likelihood.readout()
    return _payload(checkpoint, "decoder", model.decoder, (model.config.z_dim,), told)


def encoder_payload(checkpoint: Checkpoint) -> bytes:
    """Pack the encoder: pixels in [0, 1] to what ``readout`` of the header says.

    Of a model that infers classes its classifier comes with it.

    Raises
    ------
    UserError
        As `decoder_payload`.
    """
    model = checkpoint.model
    readout = model.posterior.readout()
    if readout is None:
        raise UserError(
            f"the browser cannot read the posterior {model.config.posterior.name}, so that it "
            "encodes no image by itself; `python -m vae encode` does"
        )
    shape = tuple(model.config.image_shape)
    return _payload(checkpoint, "encoder", model.encoder, shape, {"readout": readout})


def multiply_adds(checkpoint: Checkpoint) -> int:
    """Count the decoder's multiply-adds per image, to be held against `FRAME_BUDGET`."""
    model = checkpoint.model
    shape = (model.config.z_dim + model.conditioning.width,)
    return export_stack(model.decoder, shape, Weights()).multiply_adds


def _payload(
    checkpoint: Checkpoint,
    kind: str,
    network: nn.Sequential,
    shape: Shape,
    more: dict[str, Any] | None = None,
) -> bytes:
    weights = Weights()
    told = _told(checkpoint.model, kind, weights)
    stack = export_stack(network, (shape[0] + told["width"], *shape[1:]), weights)
    more = more or {}
    if readout := more.get("readout"):
        more = more | {"readout": readout | _steps(checkpoint, readout, weights)}
        classifier = checkpoint.model.conditioning.qy_network()
        if classifier is not None:
            more["classifier"] = export_stack(classifier, shape, weights).spec["layers"]
    dtype, block = weights.pack()
    header = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        **_describe(checkpoint),
        "told": told,
        **more,
        "dtype": dtype,
        "layers": stack.spec["layers"],
        "multiply_adds": stack.multiply_adds,
    }
    return frame(header, block)


def _told(model: VAE, kind: str, weights: Weights) -> dict[str, Any]:
    """Pack what a class adds to a network's input: numbers that are added, and ones that join it.

    Both are tables with one entry per class; ``width`` is how many channels, or numbers, join.
    """
    conditioning = model.conditioning
    added = conditioning.added() if kind == "encoder" else None
    joined = conditioning.joined() if kind == "encoder" else conditioning.codes()
    return {
        "classes": conditioning.classes,
        "added": weights.add(added),
        "joined": weights.add(joined),
        "width": 0 if joined is None else joined.shape[1],
    }


def _steps(
    checkpoint: Checkpoint, readout: dict[str, Any], weights: Weights
) -> dict[str, list[Any]]:
    """Export the networks that a posterior runs after the encoder: those of a flow."""
    networks = checkpoint.model.posterior.networks()
    if not networks:
        return {}
    start, end = readout["context"]
    shape = (checkpoint.model.config.z_dim + end - start,)
    return {"steps": [export_stack(one, shape, weights).spec["layers"] for one in networks]}


def _describe(checkpoint: Checkpoint) -> dict[str, Any]:
    config, likelihood = checkpoint.model.config, checkpoint.model.likelihood
    atlas = checkpoint.atlas
    return {
        "model": checkpoint.name,
        "z_dim": config.z_dim,
        "image_shape": list(config.image_shape),
        "posterior": config.posterior.name,
        **checkpoint.model.capabilities,
        "normal": checkpoint.model.posterior.is_normal,
        # whether the map holds the covariances of posteriors that do not factorise
        "covariances": atlas is not None and atlas.tril is not None,
        "likelihood": config.likelihood.name,
        "link": likelihood.link,
        "noise": likelihood.noise,
        "scale": likelihood.pixel_scale(),
        "latent": {
            "kl_per_dim": checkpoint.metrics.get("kl_per_dim"),
            **prior_header(checkpoint.model, atlas),
            **atlas_statistics(atlas),
        },
        "class_names": list(checkpoint.dataset.get("class_names") or []),
        "n_atlas": 0 if atlas is None else len(atlas.loc),
        "dataset": checkpoint.dataset.get("name"),
        "split": checkpoint.dataset.get("split"),
        "infers": checkpoint.model.conditioning.infers,
        "betas": None if checkpoint.model.betas is None else list(checkpoint.model.betas),
        "rates": checkpoint.metrics.get("rates"),
        "objective": (checkpoint.training.get("objective") or {}).get("name"),
    }


def atlas_statistics(atlas: Atlas | None) -> dict[str, Any]:
    """Summarise the encoded images: mean, spread and use of each dimension, two directions.

    ``used`` tells of each dimension whether its means differ between images (`vae.models.usage`).

    ``components`` are the two directions of largest variance of the posterior means, unit vectors
    whose largest entry is positive; the second is all zeros where z has one dimension. All values
    are None without an atlas.
    """
    if atlas is None or len(atlas.loc) == 0:
        return dict.fromkeys(("loc_mean", "loc_std", "scale_mean", "used", "components"))
    loc = atlas.loc.astype(np.float64)
    spread = variances(loc)
    return {
        "loc_mean": loc.mean(0).tolist(),
        "loc_std": np.sqrt(spread).tolist(),
        "scale_mean": atlas.scale.mean(0, dtype=np.float64).tolist(),
        "used": (spread > ACTIVE_VARIANCE).tolist(),
        "components": principal_plane(loc).axes.tolist(),
    }
