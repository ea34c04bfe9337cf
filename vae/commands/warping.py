"""Prepare a set that was drawn by hand: which one, and how its drawings are warped."""

import argparse
import json

from vae.commands.progress import progress
from vae.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags, those of the warping from its fields."""
    from vae.data.own.drawn import Warping
    from vae.options import describe, plain_fields

    group = parser.add_argument_group("drawings")
    group.add_argument(
        "--drawn", metavar="NAME", help="a set that was drawn on the Train page, in place of a PATH"
    )
    for field in plain_fields(Warping).values():
        text = describe(field).replace("%", "%%")
        group.add_argument(f"--{field.name}", metavar="X", help=text)


def check_absent(args: argparse.Namespace) -> None:
    """Refuse options of drawings for images that were not drawn."""
    if given := _given(args):
        raise UserError(f"--{next(iter(given))} warps drawings; name their set by --drawn NAME")


def run(args: argparse.Namespace) -> None:
    """Prepare the drawn set, and say what came of it."""
    from vae.data.own import drawn
    from vae.options import override

    if args.paths or args.look or args.name is not None:
        raise UserError(
            "a drawn set is prepared under its own name; leave out PATH, --name and --look, and "
            "rename it by python -m vae datasets --rename NAME NEW"
        )
    warping = drawn.Warping()
    for name, text in _given(args).items():
        warping = override(warping, name, text)
    with progress(f"preparing {args.drawn}", "drawings", args.json) as report:
        made = drawn.prepare(args.drawn, warping, report)
    if args.json:
        said = {"class_names": list(made.class_names), "counts": dict(made.counts)}
        print(json.dumps({"name": made.name, **said}))
        return
    shown = ", ".join(f"{count:,} {split}" for split, count in made.counts.items())
    print(f"prepared {made.about.title if made.about else made.name} as {made.name}: {shown}")
    print(f"train on them by python -m vae train --dataset {made.name}")


def _given(args: argparse.Namespace) -> dict[str, str]:
    """Give the options of the warping that were named."""
    from vae.data.own.drawn import Warping
    from vae.options import plain_fields

    named = {name: getattr(args, name) for name in plain_fields(Warping)}
    return {name: text for name, text in named.items() if text is not None}
