"""What the exhibits of the page show, as plain JSON for the component."""

import base64
from typing import Any

import numpy as np

from ui.diagnose import measuring

SHOWN = 24
"""Images of a strip."""
BINS = 40
CURVE = 121
"""Places of a density of one dimension."""
LOWEST_RATIO, HIGHEST_RATIO = -4.0, 4.0
"""Nats of log q − log p at which the colours end."""


def evidence(header: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Collect the evidence that is known so far; what is not is None."""
    terms, against = found.get(measuring.IMAGES), found.get(measuring.AGGREGATE)
    return {
        "reconstructions": None if terms is None else reconstructions(terms),
        "dimensions": dimensions(header, terms, against),
        "aggregate": None if against is None else aggregate(against),
    }


def reconstructions(terms: Any) -> dict[str, Any]:
    """The worst, median and best images, and how all of them are spread."""
    names = {"worst": "worst first", "median": "around the median", "best": "best first"}
    strips = [
        {"name": name, "words": words, "images": [_image(terms, row) for row in rows]}
        for name, words in names.items()
        if (rows := terms.rows(name, SHOWN))
    ]
    values = -terms.log_px
    counts, edges = np.histogram(values, BINS)
    return {
        "strips": strips,
        "edges": [round(float(edge), 2) for edge in edges],
        "counts": counts.tolist(),
        "mean": round(float(values.mean()), 2),
        "swapped": round(float(-terms.swapped.mean()), 2),
        "mistaken": terms.mistaken,
    }


def _image(terms: Any, row: int) -> dict[str, Any]:
    kl = None if terms.kl is None else round(float(terms.kl[row]), 2)
    return {"row": row, "log_px": round(float(terms.log_px[row]), 2), "kl": kl}


def dimensions(header: dict[str, Any], terms: Any, against: Any) -> dict[str, Any] | None:
    """The KL of each dimension and the variance of its means."""
    from vae.models.usage import ACTIVE_VARIANCE, variances

    kl = header["metrics"].get("kl_per_dim")
    if terms is not None and terms.kl_per_dim is not None:
        kl = terms.kl_per_dim.mean(axis=0).tolist()
    spread = None if terms is None else variances(terms.loc)
    if spread is None and against is None and kl is None:
        return None
    if spread is None and against is not None:
        spread = np.array([one.variance for one in against.marginals])
    spread = np.zeros(len(kl or [])) if spread is None else spread
    return {
        "kl": kl,
        "spread": [round(float(value), 4) for value in spread],
        "used": [bool(value > ACTIVE_VARIANCE) for value in spread],
    }


def aggregate(against: measuring.Against) -> dict[str, Any]:
    """Densities of q and p: over the plane as bytes, and along each dimension."""
    plane = against.plane
    return {
        "plane": None if plane is None else _plane(plane, against.holes is not None),
        "holes": None if against.holes is None else round(against.holes.prior_in_holes, 4),
        "cell": None if against.holes is None else round(against.holes.cell, 3),
        "threshold": None if against.holes is None else float(np.exp(-against.holes.threshold)),
        "curves": [_curve(one) for one in against.marginals],
    }


def _plane(plane: Any, has_prior: bool) -> dict[str, Any]:
    half = [(axis[1] - axis[0]) / 2 for axis in (plane.x, plane.y)]
    values = plane.q / plane.q.max()
    if has_prior:
        clipped = np.clip(plane.log_ratio, LOWEST_RATIO, HIGHEST_RATIO)
        values = (clipped - LOWEST_RATIO) / (HIGHEST_RATIO - LOWEST_RATIO)
    seen = plane.p / plane.p.max() if has_prior else np.ones_like(plane.q)
    return {
        "dims": list(plane.dims),
        "extent": [
            float(plane.x[0] - half[0]),
            float(plane.x[-1] + half[0]),
            float(plane.y[0] - half[1]),
            float(plane.y[-1] + half[1]),
        ],
        "cells": [len(plane.x), len(plane.y)],
        "values": _base64((255 * values).round(), np.uint8),
        # where the prior has hardly any mass nothing is said of holes
        "prior": _base64((255 * np.sqrt(seen)).round(), np.uint8),
        "signed": has_prior,
    }


def _curve(one: Any) -> dict[str, Any]:
    at = np.linspace(0, len(one.z) - 1, CURVE).round().astype(int)
    return {
        # digits of as many numbers would be thrice as long, and take longer to write than to draw
        "zqp": _base64(np.stack([one.z[at], one.q[at], one.p[at]]), np.dtype("<f4")),
        "dim": one.dim,
        "mean": one.mean,
        "variance": one.variance,
        "kl": one.kl,
    }


def _base64(values: np.ndarray, kind: Any) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()
