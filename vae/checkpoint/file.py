"""Reading and writing a checkpoint: its sizes are checked before anything is allocated."""

import json
import os
import struct
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from vae.checkpoint import header as headers
from vae.checkpoint import layout as layouts
from vae.checkpoint.header import CAPABILITIES, KEYS, START_FROM, Damaged
from vae.checkpoint.rates import tensors_of
from vae.checkpoint.record import Atlas, Checkpoint
from vae.errors import UserError
from vae.files import regular
from vae.files.writing import explain, write_atomically
from vae.library import model_name
from vae.models.config import VAEConfig
from vae.models.vae import VAE

LARGEST_HEADER = 1 << 20
LARGEST_FILE = 256 << 20


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
    if checkpoint.start_from:
        header[START_FROM] = checkpoint.start_from
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
    atlas = atlas_images * layouts.atlas_bytes(model.config)
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
    try:
        layouts.check_tensors(config, layout)
        tensors = _tensors(data)
        atlas = layouts.read_atlas(tensors, header["dataset"])
    except (Damaged, SafetensorError) as error:
        raise _damaged(path, str(error)) from None
    model = VAE(config)
    model.load_state_dict(
        {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
    )
    return Checkpoint(
        name=model_name(path),
        model=model.eval().requires_grad_(False),
        atlas=atlas,
        **{key: header[key] for key in (*KEYS, START_FROM) if key != "model"},
    )


def _tensors(data: bytes) -> dict[str, Tensor]:
    tensors = load_tensors(data)
    tensors = {k: v if v.dtype == torch.int64 else v.float() for k, v in tensors.items()}
    if not all(bool(value.isfinite().all()) for value in tensors.values()):
        raise Damaged("it holds numbers that are not finite")
    return tensors


def _smallest(value: Tensor) -> Tensor:
    half = value.detach().cpu().contiguous().half()
    return half if torch.equal(half.to(value.dtype), value.cpu()) else value.cpu().contiguous()


def _atlas_tensors(atlas: Atlas) -> dict[str, Tensor]:
    tensors = {field: torch.from_numpy(getattr(atlas, field)) for field in ("label", "index")}
    tensors["loc"] = _smallest(torch.from_numpy(atlas.loc))
    # half precision is 1 part in 2,000 of a σ, which no drawing can show
    halves = {"scale": atlas.scale, "tril": atlas.tril, "outline": atlas.outline}
    tensors |= {
        field: torch.from_numpy(values).half()
        for field, values in halves.items()
        if values is not None
    }
    if atlas.rates is not None:
        tensors |= tensors_of(atlas.rates)
    return {f"atlas.{key}": value.contiguous() for key, value in tensors.items()}


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
    layouts.check_offsets(layout, size, LARGEST_FILE)
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
