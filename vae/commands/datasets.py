"""List the data sets: what there is, what is on this machine, and what was drawn."""

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.parsing import add_json
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    parser.add_argument(
        "--rename", nargs=2, metavar=("NAME", "NEW"), help="give own images another name"
    )
    parser.add_argument(
        "--delete", metavar="NAME", help="delete own images, and the drawings they were made of"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Print the table, after what was asked for is done."""
    from vae.data import default_root, sources
    from vae.data.own import sets

    if args.rename is not None:
        sets.rename(*args.rename)
    if args.delete is not None:
        sets.remove(args.delete)
    root, known, drawings = default_root(), sources(), _drawings()
    if args.json:
        entries = [_entry(source, root) for source in known.values()]
        print(json.dumps({"root": str(root), "datasets": entries, "drawn": drawings}))
        return
    width = max(map(len, known))
    for source in known.values():
        print(f"{source.name:<{width}}  {source.description}")
        print(f"{'':<{width}}  {_size(source)}; {source.state(root)}")
    for one in drawings:
        print(_drawn_line(one))
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


def _drawings() -> list[dict[str, Any]]:
    """Describe the sets that were drawn by hand, prepared or not."""
    from vae.data.own import drawn, prepared

    found = []
    for name in drawn.names():
        with suppress(UserError):
            one = drawn.find(name)
            counts = {called: len(one.of(key)) for key, called in one.classes.items()}
            found.append({"name": name, "drawings": counts, "prepared": prepared.is_known(name)})
    return found


def _drawn_line(one: dict[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {called}" for called, count in one["drawings"].items())
    line = f"drawn as {one['name']}: {counts or 'nothing yet'}"
    if one["prepared"]:
        return line
    return f"{line}; prepare them by python -m vae prepare --drawn {one['name']}"


def _size(source: "Source") -> str:
    counts = ", ".join(f"{count:,} {split}" for split, count in source.counts.items())
    channels, height, width = source.image_shape
    return f"{counts}; {height}×{width} {'grey' if channels == 1 else 'colour'}"
