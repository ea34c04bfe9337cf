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
    parser.add_argument(
        "--rename", nargs=2, metavar=("NAME", "NEW"), help="give prepared images another name"
    )
    parser.add_argument("--delete", metavar="NAME", help="delete prepared images")
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Print the table, after what was asked for is done."""
    from vae.data import default_root, sources
    from vae.data.own import prepared

    if args.rename is not None:
        prepared.rename(*args.rename)
    if args.delete is not None:
        prepared.remove(args.delete)
    root, known = default_root(), sources()
    if args.json:
        entries = [_entry(source, root) for source in known.values()]
        print(json.dumps({"root": str(root), "datasets": entries}))
        return
    width = max(map(len, known))
    for source in known.values():
        print(f"{source.name:<{width}}  {source.description}")
        print(f"{'':<{width}}  {_size(source)}; {source.state(root)}")
    print(f"looked for in {root}/<name>/; set VAE_DATA for another place")
    print("own images: python -m vae prepare PATH, or --dataset PATH with any command")


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
