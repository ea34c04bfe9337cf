"""List the data sets: what there is, and what is on this machine."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.parsing import add_json

if TYPE_CHECKING:
    from vae.data import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Print the table."""
    from vae.data import DATASETS, default_root

    root = default_root()
    if args.json:
        entries = [_entry(source, root) for source in DATASETS.values()]
        print(json.dumps({"root": str(root), "datasets": entries}))
        return
    width = max(map(len, DATASETS))
    for source in DATASETS.values():
        print(f"{source.name:<{width}}  {source.description}")
        print(f"{'':<{width}}  {_size(source)}; {source.state(root)}")
    print(f"looked for in {root}/<name>/; set VAE_DATA for another place")


def _entry(source: "Source", root: Path) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "description": source.description,
        "image_shape": list(source.image_shape),
        "class_names": list(source.class_names),
        "counts": dict(source.counts),
        "download_bytes": source.download_bytes,
        "state": source.state(root),
    }


def _size(source: "Source") -> str:
    counts = ", ".join(f"{count:,} {split}" for split, count in source.counts.items())
    channels, height, width = source.image_shape
    return f"{counts}; {height}×{width} {'grey' if channels == 1 else 'colour'}"
