"""Train one configuration with several seeds, sizes or other values, and compare the models."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vae.commands import dimensions, members, row, train
from vae.commands.opening import load_dataset
from vae.commands.parsing import add_json, number
from vae.commands.reporting import series
from vae.errors import UserError
from vae.files.writing import NAME, runs_folder

if TYPE_CHECKING:
    from vae.runs.series import Place
    from vae.sweep import Sweep, Value

SHOWN = ("sweep", "vary", "renew", "importance_samples", "images", "json")
"""Options that go with the sweep that is named; its members have all others."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags: those of train, and what is varied."""
    from vae.measures.evaluation import MAX_IMPORTANCE_SAMPLES

    train.add_options(parser)
    parser.add_argument(
        "sweep",
        metavar="SWEEP",
        nargs="?",
        help="a sweep whose table is printed; with --vary, which gets further values",
    )
    parser.add_argument(
        "--vary",
        action="append",
        metavar="OPTION=A,B,…",
        help="an option of train, such as seed, z_dim or objective.beta, and its values; each "
        "combination of several options is a member (values that hold commas: A;B)",
    )
    parser.add_argument(
        "--out",
        metavar="NAME",
        help="name of the sweep, whose members are NAME-1, NAME-2 … in $VAE_RUNS or runs; or a "
        "folder (default: named after what is varied)",
    )
    parser.add_argument(
        "--resume",
        metavar="SWEEP",
        help="go on with a sweep: what has finished stays, what was interrupted goes on",
    )
    parser.add_argument(
        "--renew",
        action="store_true",
        help="with --resume: train members that were deleted anew",
    )
    parser.add_argument(
        "--importance-samples",
        type=number(1, MAX_IMPORTANCE_SAMPLES),
        metavar="K",
        help="also the negative log-likelihood of validation images, by so many samples each, and "
        "which number of dimensions to take",
    )
    parser.add_argument(
        "--images",
        type=number(2, 10**7),
        default=500,
        metavar="N",
        help="validation images of which the negative log-likelihood is measured (default 500)",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int | None:
    """Train what is to be trained, then print what all members reached."""
    found, trains = _asked(args)
    if trains:
        train.give_way()
        _train(found, args.json)
    rows, nll = row.of_sweep(found), None
    if args.importance_samples:
        nll = dimensions.measure(found, rows, args.importance_samples, args.images, args.json)
    print(members.summarise(found, rows, nll, args.json))
    if trains and not found.finished():
        raise UserError(
            f"no member of {found.name} has finished; see what the table says of each, and go on "
            f"with --resume {found.name}"
        )
    return None


def _asked(args: argparse.Namespace) -> tuple["Sweep", bool]:
    """Find, widen or make the sweep that is asked for; tell whether to train."""
    from vae.runs import sweep as sweeps
    from vae.sweep import Sweep

    if args.renew and args.resume is None:
        raise UserError("--renew goes with --resume SWEEP")
    if args.resume is not None:
        taken = ("resume", "renew", "importance_samples", "images", "json")
        train.refuse_others(args, taken, "--resume goes on with the sweep's own settings")
        found = Sweep.open(args.resume)
        if args.renew:
            sweeps.renew_all(found)
        return found, True
    if args.sweep is None:
        return _create(args), True
    train.refuse_others(args, SHOWN, "the members of a sweep have its own settings")
    found = Sweep.open(args.sweep)
    for option, values in _varied(args.vary or []).items():
        found = sweeps.extend(found, option, values)
    return found, bool(args.vary)


def _create(args: argparse.Namespace) -> "Sweep":
    from vae import data
    from vae.runs import sweep as sweeps

    if not args.vary:
        raise UserError("--vary says what differs, such as --vary seed=0,1,2; or name a SWEEP")
    if args.out == "":
        raise UserError("--out names no sweep; give a name, or leave --out away for a new one")
    name = data.DEFAULT_DATASET if args.dataset is None else args.dataset
    source, varied = data.find(name), _varied(args.vary)
    model, training = train.configure(args, source.image_shape, len(source.class_names))
    sweeps.read_values(model, training, varied)
    # what is to be downloaded comes before any folder is made
    dataset = load_dataset(name, args.json)
    out = None if args.out is None else Path(args.out)
    place = runs_folder() if out is None or NAME.fullmatch(args.out) else out.parent
    title = None if out is None else out.name
    return sweeps.create(dataset.name, model, training, varied, title, place)


def _varied(texts: Sequence[str]) -> "dict[str, list[Value]]":
    """Read ``OPTION=A,B``, several times; a list with semicolons may hold commas."""
    from vae.runs.variation import canonical

    found: dict[str, list[Value]] = {}
    for text in texts:
        option, equals, values = text.partition("=")
        parts = [one.strip() for one in values.split(";" if ";" in values else ",")]
        if not equals or not all(parts):
            raise UserError(f"--vary takes OPTION=A,B,…, such as seed=0,1,2, not '{text}'")
        key = canonical(option)
        if key in found:
            raise UserError(f"--vary {key} is given twice; give all its values at once")
        found[key] = list(parts)
    return found


def _train(found: "Sweep", as_json: bool) -> None:
    from vae.runs import ending
    from vae.runs import series as in_turn

    def begins(place: "Place") -> None:
        if not as_json:
            print(f"{place}: {place.member.title} ({place.member.run})", flush=True)

    def ended(place: "Place", what: str) -> None:
        with suppress(OSError):
            print(f"note: {place} {place.member.run}: {what}", file=sys.stderr)

    try:
        with series(as_json) as watch:
            in_turn.train(found, begins, watch, train.waiting, ended)
    except ending.Stopped as stopped:
        place = found.name if found.path.parent == runs_folder().absolute() else found.path
        raise KeyboardInterrupt(
            f"{stopped.state}; what was learnt is kept, go on with "
            f"python -m vae sweep --resume {place}"
        ) from None
