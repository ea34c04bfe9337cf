"""Which tensors a checkpoint file holds, and that they fit its config and one another.

Whatever is not as it should be is `Damaged`, with the reason.
"""

import math
from typing import Any

import torch
from torch import Tensor

from vae.checkpoint import rates
from vae.checkpoint.header import Damaged
from vae.checkpoint.record import Atlas
from vae.models.config import VAEConfig
from vae.models.place import FARTHEST
from vae.models.posteriors.posterior import MOST_CORRELATED, OUTLINES
from vae.models.vae import VAE

LARGEST_ATLAS = 2_000_000
MOST_SIDES = 8
ITEM_SIZES = {"F16": 2, "F32": 4, "F64": 8, "I64": 8}
FLOATS = ("F16", "F32", "F64")
ATLAS_TYPES = {"loc": FLOATS, "scale": FLOATS, "label": ("I64",), "index": ("I64",)}
OPTIONAL = ("tril", "outline")
"""What a file may hold of posteriors that do not factorise."""
LARGEST_SCALE = 65_504.0
"""No posterior is wider: a float16 can hold no larger scale."""
LARGEST_LABEL, LARGEST_ROW = 32_767, 2**32 - 1


def check_offsets(layout: dict[str, Any], size: int, largest: int) -> None:
    """Check that the tensors fill the ``size`` bytes after the header, and no more."""
    end = 0
    for name, entry in layout.items():
        try:
            shape, (start, stop) = entry["shape"], entry["data_offsets"]
            numbers = (*shape, start, stop)
            if len(shape) > MOST_SIDES or not all(type(number) is int for number in numbers):
                raise ValueError
            if not all(0 <= number <= largest for number in numbers):
                raise ValueError
            bytes_needed = math.prod(shape) * ITEM_SIZES[entry["dtype"]]
            if not 0 <= start <= stop <= size or stop - start != bytes_needed:
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise Damaged(f"the tensor {name[:60]!r} does not fit the file") from None
        end = max(end, stop)
    if end != size:
        raise Damaged(f"{size} bytes of tensors where its header promises {end}")


def check_tensors(config: VAEConfig, layout: dict[str, Any]) -> None:
    """Check that the tensors are those that a config asks for, before any is allocated."""
    with torch.device("meta"):
        expected = {f"model.{k}": list(v.shape) for k, v in VAE(config).state_dict().items()}
    if "atlas.loc" in layout:
        count = (layout["atlas.loc"]["shape"] or [0])[0]
        if count > LARGEST_ATLAS:
            raise Damaged(f"an atlas of {count} images")
        wide = {"loc": [count, config.z_dim], "scale": [count, config.z_dim]}
        expected |= {f"atlas.{key}": wide.get(key, [count]) for key in ATLAS_TYPES}
        more = {f"atlas.{key}": [count, *shape] for key, shape in shapes_beyond(config).items()}
        expected |= {name: shape for name, shape in more.items() if name in layout}
        expected |= rates.shapes(config, layout, wide["loc"])
    for name in sorted(expected.keys() ^ layout.keys()):
        raise Damaged(f"the tensor {name[:60]!r} is {_missing(name, layout)}")
    for name, shape in expected.items():
        if layout[name]["shape"] != shape:
            raise Damaged(
                f"{name} has shape {layout[name]['shape']} where its config asks for {shape}"
            )
        types = (ATLAS_TYPES | rates.TYPES).get(name.removeprefix("atlas."), FLOATS)
        if layout[name]["dtype"] not in types:
            raise Damaged(f"{name} holds {layout[name]['dtype']}, not {' or '.join(types)}")


def shapes_beyond(config: VAEConfig) -> dict[str, tuple[int, ...]]:
    """Give the shapes of what an atlas may hold of an image beside mean and σ, by its name."""
    z_dim = config.z_dim
    if config.posterior.factorises or not 2 <= z_dim <= MOST_CORRELATED:
        return {}
    found: dict[str, tuple[int, ...]] = {"tril": (z_dim * (z_dim + 1) // 2,)}
    return found | ({"outline": (*OUTLINES, 2)} if z_dim == 2 else {})


def atlas_bytes(config: VAEConfig) -> int:
    """Count the most bytes that an image takes in the atlas of a file."""
    halves = config.z_dim + sum(map(math.prod, shapes_beyond(config).values()))
    if config.betas is not None:
        halves += 2 * rates.PLACES * config.z_dim
    return 4 * config.z_dim + 2 * halves + 16


def _missing(name: str, layout: dict[str, Any]) -> str:
    return "not one its config asks for" if name in layout else "missing"


def read_atlas(tensors: dict[str, Tensor], dataset: dict[str, Any]) -> Atlas | None:
    """Take the encoded images out of a file's tensors, each value within its range."""
    if "atlas.loc" not in tensors:
        return None
    there = [key for key in (*ATLAS_TYPES, *OPTIONAL) if f"atlas.{key}" in tensors]
    parts: dict[str, Any] = {key: tensors[f"atlas.{key}"].numpy() for key in there}
    atlas = Atlas(**parts, rates=rates.read(tensors))
    if not len(atlas.label):
        return None
    images = dataset.get(f"n_{dataset.get('split')}", LARGEST_ROW + 1)
    spans = {
        "loc": (-FARTHEST, FARTHEST),
        "scale": (0, LARGEST_SCALE),
        "label": (-1, LARGEST_LABEL),
        "index": (0, min(images - 1, LARGEST_ROW)),
        **dict.fromkeys(OPTIONAL, (-LARGEST_SCALE, LARGEST_SCALE)),
        **rates.SPANS,
    }
    for key, (low, high) in spans.items():
        if (found := tensors.get(f"atlas.{key}")) is None:
            continue
        least, greatest = float(found.min()), float(found.max())
        if least < low or greatest > high:
            bad = least if least < low else greatest
            raise Damaged(f"its atlas has {key} {bad:g}, outside {low:g} to {high:g}")
    return atlas
