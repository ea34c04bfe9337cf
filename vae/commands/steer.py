"""Change a run while it trains: its β, its step size, its budget; or let it make one more epoch."""

import argparse
from pathlib import Path

from vae.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    parser.add_argument("folder", metavar="RUN", help="name of a run, or its folder")
    parser.add_argument(
        "what",
        metavar="WHAT",
        help="what changes: beta, learning_rate, epochs, seconds or whatever else the run's "
        "objective lets change; step trains one more epoch, or so many, and pauses",
    )
    parser.add_argument("value", metavar="VALUE", nargs="?", help="the number that it changes to")


def run(args: argparse.Namespace) -> None:
    """Ask it of the run, and say so."""
    from vae.runs import orders, steering, watch

    folder = watch.find(Path(args.folder) if Path(args.folder).is_dir() else args.folder)
    value = _number(args.value)
    if args.what == orders.STEP:
        steering.step(folder, 1 if value is None else int(value))
        print(f"{folder.name} makes its next epoch and pauses")
        return
    if value is None:
        raise UserError(f"say to what {args.what} changes, such as {args.what} 2")
    steering.steer(folder, args.what.replace("-", "_"), value)
    print(f"{folder.name} was asked for {args.what} {value:g}")


def _number(text: str | None) -> float | int | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        raise UserError(f"the value must be a number, not {text[:40]!r}") from None
    return int(value) if value.is_integer() else value
