"""Prepare own images as a data set: a folder, zip archive, arrays, a table, or drawings."""

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands import warping
from vae.commands.opening import describe
from vae.commands.parsing import add_json
from vae.commands.progress import progress
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data.own import Choices, Found
    from vae.data.own.limits import Limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags, those of the choices from their fields."""
    from vae.data.own import Choices
    from vae.options import describe as option_help
    from vae.options import plain_fields

    parser.add_argument("paths", metavar="PATH", nargs="*", help="folder or file; several are one")
    warping.add_arguments(parser)
    parser.add_argument("--name", metavar="NAME", help="what the data set is to be called")
    parser.add_argument(
        "--size", metavar="N", help="height and width at once: 28, or 32x48 for 32 high, 48 wide"
    )
    parser.add_argument(
        "--pixels",
        metavar="N",
        help="height and width of pictures that stand as rows of values in a table, where the "
        "table does not say them: 28x20 for 28 high, 20 wide",
    )
    for field in plain_fields(Choices).values():
        # what is suggested for the pictures is the default
        text = option_help(field).rpartition("default")[0] + "default what suits the pictures)"
        flag = "--" + field.name.replace("_", "-")
        if field.type is bool:
            parser.add_argument(
                flag, nargs="?", const="true", metavar="YES", help=text.replace("%", "%%")
            )
        else:
            parser.add_argument(flag, metavar="X", help=text.replace("%", "%%"))
    parser.add_argument(
        "--shard-mb",
        metavar="N",
        type=int,
        help="megabytes of a file of images, above which there are several (default 1024)",
    )
    parser.add_argument(
        "--look", action="store_true", help="only say what is found, and prepare nothing"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Look, prepare, and say what came of it."""
    if args.drawn is not None:
        return warping.run(args)
    warping.check_absent(args)
    if not args.paths:
        raise UserError("say what is to be prepared: a PATH, or --drawn NAME")
    from vae.data.own import look, prepare, prepared
    from vae.data.own.bringing import origin_of, stamp_of

    paths = [Path(path).expanduser() for path in args.paths]
    if args.name is not None:
        # before anything is read
        prepared.check_name(args.name)
    limits = _limits(args.shard_mb)
    title = ", ".join(args.paths)
    pixels = None if args.pixels is None else size_of(args.pixels)
    with progress(f"looking at {title}", "pictures", args.json) as report:
        stamp = stamp_of(paths)
        found = look(paths, report, limits, pixels)
    choices = chosen(args, found.suggested)
    if not args.json:
        print("\n".join(describe(found)), flush=True)
    if args.look:
        return _print(found, choices, None, args.json)
    name = args.name or prepared.free_name(paths[0].resolve().stem)
    by_default = choices == found.suggested
    with progress(f"preparing {title}", "pictures", args.json) as report:
        made = prepare(found, choices, name, report, origin_of(paths), stamp, by_default)
    _print(found, choices, made.name, args.json)


def size_of(text: str) -> tuple[int, int]:
    """Read height and width from "28" or "32x48"; `UserError` where it is neither."""
    height, _, width = text.lower().replace("×", "x").partition("x")
    try:
        return int(height), int(width or height)
    except ValueError:
        raise UserError(
            f"{text[:40]!r} is no size; write 28, or 32x48 for 32 high and 48 wide"
        ) from None


def chosen(args: argparse.Namespace, first: "Choices") -> "Choices":
    """Change what is suggested by the flags."""
    from vae.options import override, plain_fields

    choices = first
    if args.size is not None:
        height, width = size_of(args.size)
        choices = override(override(choices, "height", str(height)), "width", str(width))
    for name in plain_fields(type(choices)):
        if (text := getattr(args, name)) is not None:
            choices = override(choices, name, text)
    return choices


def _limits(shard_mb: int | None) -> "Limits":
    from vae.data.own.limits import OWN_DISK

    if shard_mb is None:
        return OWN_DISK
    if shard_mb < 1:
        raise UserError(f"--shard-mb is {shard_mb}; give 1 or more")
    return replace(OWN_DISK, shard_bytes=shard_mb << 20)


def _print(found: "Found", choices: "Choices", name: str | None, as_json: bool) -> None:
    shape = list(choices.image_shape)
    if as_json:
        print(json.dumps(_entry(found, choices, name)))
    elif name is not None:
        count = len(found.kept(choices))
        print(f"prepared {count:,} images of {shape} (channels, height, width) as {name}")
        print(f"train on them by python -m vae train --dataset {name}")


def _entry(found: "Found", choices: "Choices", name: str | None) -> dict[str, Any]:
    return {
        "name": name,
        "count": found.count,
        "kept": len(found.kept(choices)),
        "channels": found.channels,
        "sizes": [[*size, count] for size, count in found.sizes.items()],
        "class_names": list(found.class_names),
        "class_counts": found.class_counts,
        "unlabelled": found.unlabelled,
        "image_shape": list(choices.image_shape),
        "choices": choices.to_json(),
        "skipped": [asdict(one) for one in found.skipped],
        "skipped_count": found.skipped_count,
        "duplicates": [list(pair) for pair in found.duplicates],
        "duplicate_count": found.duplicate_count,
        "nearly_empty": list(found.nearly_empty),
        "nearly_empty_count": found.nearly_empty_count,
        "notes": list(found.notes),
    }
