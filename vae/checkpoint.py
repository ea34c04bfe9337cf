"""One file a model: safetensors with a JSON header; nothing in it is ever executed.

Weights are rounded to float16 when a model is finished, and stored so. Beside them lies the
atlas, the posterior of every held-out image, so that a model opens with its map even where its
data set is not on the machine.
"""

import json
import math
import os
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from vae import header as headers
from vae.errors import UserError
from vae.files import regular
from vae.files.writing import SHIPPED as SHIPPED
from vae.files.writing import explain, write_atomically
from vae.header import CAPABILITIES, FORMAT_VERSION, KEYS, Damaged
from vae.library import SUFFIX as SUFFIX
from vae.library import find as find
from vae.library import library as library
from vae.library import model_name
from vae.models.place import FARTHEST
from vae.models.vae import VAE, VAEConfig

LARGEST_HEADER = 1 << 20
LARGEST_FILE = 256 << 20
LARGEST_ATLAS = 2_000_000
MOST_SIDES = 8
ITEM_SIZES = {"F16": 2, "F32": 4, "F64": 8, "I64": 8}
FLOATS = ("F16", "F32", "F64")
ATLAS_TYPES = {"loc": FLOATS, "scale": FLOATS, "label": ("I64",), "index": ("I64",)}
LARGEST_SCALE = 65_504.0
"""No posterior is wider: a float16 can hold no larger scale."""
LARGEST_LABEL, LARGEST_ROW = 32_767, 2**32 - 1


@dataclass(frozen=True)
class Atlas:
    """Encoded held-out images: posterior means and standard deviations with their labels."""

    loc: np.ndarray
    """Posterior means, float32 (N, z_dim)."""
    scale: np.ndarray
    """Marginal standard deviations, float32 (N, z_dim); 0 for an autoencoder."""
    label: np.ndarray
    """Class of each image, int64 (N,); −1 for none."""
    index: np.ndarray
    """Row of each image in its split, int64 (N,)."""


@dataclass(frozen=True)
class Checkpoint:
    """A model with all that is known about it."""

    name: str
    model: VAE
    training: dict[str, Any]
    dataset: dict[str, Any]
    metrics: dict[str, Any]
    created: str
    versions: dict[str, str]
    atlas: Atlas | None = None
    format_version: int = FORMAT_VERSION


def now() -> str:
    """Return the time of day in UTC as ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def round_to_half(model: VAE) -> VAE:
    """Round every weight to the nearest float16, in place, and return the model."""
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(tensor.half())
    return model


def write(path: str | Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all; weights go in as float16 where that loses nothing.

    Raises
    ------
    UserError
        When the folder cannot be written or the disk is full.
    """
    header = {"model": checkpoint.model.config.to_json()}
    header |= {key: getattr(checkpoint, key) for key in KEYS if key != "model"}
    header[CAPABILITIES] = checkpoint.model.capabilities
    tensors = {
        f"model.{key}": _smallest(value) for key, value in checkpoint.model.state_dict().items()
    }
    if checkpoint.atlas is not None:
        tensors |= _atlas_tensors(checkpoint.atlas)
    text = json.dumps(header, allow_nan=False)
    data = save_tensors(tensors, metadata={"vae": text})
    _check_bytes(f"{checkpoint.name} would have", len(data))
    write_atomically(path, data)


def check_size(model: VAE, atlas_images: int) -> None:
    """Raise `UserError` where a model would make a larger file than may be opened again."""
    weights = sum(value.numel() for value in model.state_dict().values())
    atlas = atlas_images * (6 * model.config.z_dim + 16)
    _check_bytes("this model would make a file of", 2 * weights + atlas + LARGEST_HEADER)


def _check_bytes(what: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise UserError(
            f"{what} {size >> 20} MB, more than the {LARGEST_FILE >> 20} MB a checkpoint may "
            "have; choose fewer or narrower layers"
        )


def read_header(path: str | Path) -> dict[str, Any]:
    """Read only the JSON of a checkpoint, checked and with its defaults filled in.

    Raises
    ------
    UserError
        As `read`, as far as the header tells.
    """
    path = Path(path)
    return _open(path, whole=False)[0]


def read(path: str | Path) -> Checkpoint:
    """Read a checkpoint; sizes are checked against its config before anything is allocated.

    Raises
    ------
    UserError
        For a file that is missing, truncated, too large, of another version or kind, or whose
        tensors do not fit its own config.
    """
    path = Path(path)
    header, layout, data = _open(path, whole=True)
    config = VAEConfig.from_json(header["model"])
    _check_layout(path, config, layout)
    try:
        tensors = load_tensors(data)
    except SafetensorError as error:
        raise _damaged(path, str(error)) from None
    tensors = {k: v if v.dtype == torch.int64 else v.float() for k, v in tensors.items()}
    if not all(bool(value.isfinite().all()) for value in tensors.values()):
        raise _damaged(path, "it holds numbers that are not finite")
    model = VAE(config)
    model.load_state_dict(
        {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
    )
    return Checkpoint(
        name=model_name(path),
        model=model.eval().requires_grad_(False),
        atlas=_atlas(path, tensors, header["dataset"]) if "atlas.loc" in tensors else None,
        **{key: header[key] for key in KEYS if key != "model"},
    )


def _smallest(value: Tensor) -> Tensor:
    half = value.detach().cpu().contiguous().half()
    return half if torch.equal(half.to(value.dtype), value.cpu()) else value.cpu().contiguous()


def _atlas_tensors(atlas: Atlas) -> dict[str, Tensor]:
    tensors = {
        field: torch.from_numpy(getattr(atlas, field)) for field in ("loc", "label", "index")
    }
    # half precision is 1 part in 2,000 of a σ, which no drawing can show
    tensors["scale"] = torch.from_numpy(atlas.scale).half()
    return {f"atlas.{key}": value.contiguous() for key, value in tensors.items()}


def _atlas(path: Path, tensors: dict[str, Tensor], dataset: dict[str, Any]) -> Atlas | None:
    atlas = Atlas(**{key: tensors[f"atlas.{key}"].numpy() for key in ATLAS_TYPES})
    if not len(atlas.label):
        return None
    images = dataset.get(f"n_{dataset.get('split')}", LARGEST_ROW + 1)
    spans = {
        "loc": (-FARTHEST, FARTHEST),
        "scale": (0, LARGEST_SCALE),
        "label": (-1, LARGEST_LABEL),
        "index": (0, min(images - 1, LARGEST_ROW)),
    }
    for key, (low, high) in spans.items():
        least, greatest = getattr(atlas, key).min(), getattr(atlas, key).max()
        if least < low or greatest > high:
            bad = least if least < low else greatest
            raise _damaged(path, f"its atlas has {key} {bad:g}, outside {low:g} to {high:g}")
    return atlas


def _damaged(path: Path, why: str) -> UserError:
    return UserError(f"{path.name} is not a whole checkpoint ({why}); get or train it again")


def _open(path: Path, whole: bool) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Read a file once: its own header, the layout of its tensors and, if asked for, its bytes."""
    try:
        with regular.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            if not 2 <= length <= min(LARGEST_HEADER, size - 8):
                raise _damaged(path, _wrong_start(start, size))
            _check_bytes(f"{path.name} has", size)
            text = file.read(length)
            rest = file.read() if whole else b""
    except OSError as error:
        raise UserError(f"cannot read {path}: {explain(error)}") from None
    try:
        return *_parsed(path, text, size - 8 - length), start + text + rest
    except Damaged as error:
        raise _damaged(path, str(error)) from None


def _parsed(path: Path, text: bytes, size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the header of a safetensors file: this program's own, and the layout of its tensors."""
    layout = headers.objects(text)
    metadata = layout.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not isinstance(metadata.get("vae"), str):
        raise UserError(
            f"{path.name} is a safetensors file but not a checkpoint of this program "
            "(it has no 'vae' header); choose one made by `python -m vae train`"
        )
    _check_offsets(path, layout, size)
    try:
        return headers.parse(metadata["vae"]), layout
    except UserError as error:
        raise UserError(f"{path.name} {error}") from None


def _wrong_start(start: bytes, size: int) -> str:
    if size == 0:
        return "it is empty"
    if start[:2] == b"PK" or start[:1] == b"\x80":
        return "it is a pickle, which could run code when opened, and is never loaded"
    return "it does not start like a safetensors file"


def _check_offsets(path: Path, layout: dict[str, Any], size: int) -> None:
    end = 0
    for name, entry in layout.items():
        try:
            shape, (start, stop) = entry["shape"], entry["data_offsets"]
            numbers = (*shape, start, stop)
            if len(shape) > MOST_SIDES or not all(type(number) is int for number in numbers):
                raise ValueError
            if not all(0 <= number <= LARGEST_FILE for number in numbers):
                raise ValueError
            bytes_needed = math.prod(shape) * ITEM_SIZES[entry["dtype"]]
            if not 0 <= start <= stop <= size or stop - start != bytes_needed:
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise _damaged(path, f"the tensor {name[:60]!r} does not fit the file") from None
        end = max(end, stop)
    if end != size:
        raise _damaged(path, f"{size} bytes of tensors where its header promises {end}")


def _check_layout(path: Path, config: VAEConfig, layout: dict[str, Any]) -> None:
    with torch.device("meta"):
        expected = {f"model.{k}": list(v.shape) for k, v in VAE(config).state_dict().items()}
    if "atlas.loc" in layout:
        count = (layout["atlas.loc"]["shape"] or [0])[0]
        if count > LARGEST_ATLAS:
            raise _damaged(path, f"an atlas of {count} images")
        wide = {"loc": [count, config.z_dim], "scale": [count, config.z_dim]}
        expected |= {f"atlas.{key}": wide.get(key, [count]) for key in ATLAS_TYPES}
    for name in sorted(expected.keys() ^ layout.keys()):
        raise _damaged(path, f"the tensor {name[:60]!r} is {_missing(name, layout)}")
    for name, shape in expected.items():
        if layout[name]["shape"] != shape:
            raise _damaged(
                path, f"{name} has shape {layout[name]['shape']} where its config asks for {shape}"
            )
        types = ATLAS_TYPES.get(name.removeprefix("atlas."), FLOATS)
        if layout[name]["dtype"] not in types:
            raise _damaged(path, f"{name} holds {layout[name]['dtype']}, not {' or '.join(types)}")


def _missing(name: str, layout: dict[str, Any]) -> str:
    return "not one its config asks for" if name in layout else "missing"
