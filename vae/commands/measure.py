"""Measure a model: rate, likelihood, information, gaps; each with unit, images and error."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from vae.commands.opening import open_checkpoint, open_dataset
from vae.commands.parsing import add_beta, add_checkpoint, add_dataset, add_json, number, seed
from vae.commands.progress import progress
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data import ImageDataset
    from vae.jobs.measures import Order
    from vae.measures.counter import Progress
    from vae.measures.registry import Measure, Measured, Subject

LONG = 10.0
"""Seconds from which a program that reads JSON is told, on standard error, how long it takes."""


class Done(NamedTuple):
    """One measure, what it found and how long it took."""

    measure: "Measure"
    found: "Measured"
    seconds: float


def add_measuring(parser: argparse.ArgumentParser, least: int) -> None:
    """Declare how measures are set and on how many images, ``least`` at least, they are taken."""
    parser.add_argument(
        "--images",
        type=number(least, 10**7),
        metavar="N",
        help="measure so many images of the split, drawn once and for all (default: all, or as "
        "many as a slow measure needs)",
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="MEASURE.OPTION=VALUE",
        help="set an option of a measure; may be repeated",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of all draws (default 0)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.measures.evaluation import BINARIZE
    from vae.measures.registry import MEASURES

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_checkpoint(parser)
    add_beta(parser)
    add_dataset(parser)
    parser.add_argument(
        "--what",
        action="append",
        metavar="MEASURE",
        help="a measure, several with commas between, or all (default: those that are quick)",
    )
    add_measuring(parser, least=1)
    parser.add_argument(
        "--binarize",
        choices=BINARIZE,
        default="none",
        help="draw each pixel as 0 or 1 once before measuring (default none)",
    )
    parser.add_argument(
        "--dequantize",
        action="store_true",
        help="spread each 8-bit pixel value over its cell by uniform noise, for a density",
    )
    add_json(parser)
    parser.epilog = "\n".join(["measures:", *_described(MEASURES)]).replace("%", "%%")


def _described(registry: "dict[str, type[Measure]]") -> Iterator[str]:
    import dataclasses

    from vae.options import describe

    for name, cls in registry.items():
        yield f"  {name}: {cls.title}{' (slow)' if cls.is_slow else ''}"
        for field in dataclasses.fields(cls):
            yield f"    {name}.{field.name}: {describe(field)}"


def run(args: argparse.Namespace) -> None:
    """Measure and print."""
    from vae.measures.notes import other_classes
    from vae.measures.registry import Subject

    measures = configure(args.what or [], args.set or [])
    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    dataset = open_dataset(args.dataset, checkpoint, args.json)
    subject = Subject.of(
        checkpoint.model, dataset, args.split, args.seed, args.binarize, args.dequantize
    )
    done = [measured(one, subject, dataset, args) for one in measures]
    notes = [f"{one.measure.name}: {one.found.note}" for one in done if one.found.note]
    notes += filter(None, [other_classes(checkpoint, dataset)])
    if args.json:
        print(json.dumps(_as_json(args, subject, dataset.name, done, notes)))
    else:
        print("\n".join(_lines(args, dataset.name, done, notes)))


def measured(
    measure: "Measure", whole: "Subject", dataset: "ImageDataset", args: argparse.Namespace
) -> Done:
    """Measure a subject, saying before how long it takes where that is long."""
    count = args.images or measure.most_images
    subject = whole.some(count)
    refused = measure.refusal(subject) is not None
    seconds = 0.0 if refused else measure.seconds(subject)
    wanted = _order(measure, dataset, count, args) if measure.keeps and seconds >= LONG else None
    if not refused and not (wanted and _is_there(wanted)):
        _say_how_long(measure, subject, seconds, args.json)
    # lines about what is done in a moment would bury the numbers
    with progress(measure.name, "steps", args.json or seconds < LONG) as report:
        begun = time.perf_counter()
        found = measure(subject, report) if wanted is None else _kept(wanted, report)
        return Done(measure, found, time.perf_counter() - begun)


def _say_how_long(measure: "Measure", subject: "Subject", seconds: float, quiet: bool) -> None:
    if not quiet or seconds >= LONG:
        text = f"{measure.name}: {len(subject.split):,} images, about {duration(seconds)}"
        print(text, file=sys.stderr if quiet else sys.stdout, flush=True)


def _order(
    measure: "Measure", dataset: "ImageDataset", count: int | None, args: argparse.Namespace
) -> "Order":
    from vae import library
    from vae.jobs import measures as measure_jobs

    return measure_jobs.order(
        measure,
        library.find(args.checkpoint),
        dataset,
        args.split,
        images=count,
        binarize=args.binarize,
        dequantize=args.dequantize,
        seed=args.seed,
        beta=args.beta,
    )


def _is_there(wanted: "Order") -> bool:
    from vae.jobs import measures as measure_jobs

    return measure_jobs.status(wanted.key()).state == "finished"


def _kept(wanted: "Order", report: "Progress") -> "Measured":
    """Measure so that the next start goes on where this one is ended."""
    from vae.jobs import measures as measure_jobs

    try:
        return measure_jobs.here(wanted, report)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("cancelled; the same command goes on from here") from None


def configure(what: list[str], sets: list[str]) -> "list[Measure]":
    """Choose measures by their names, ``a,b`` or ``all``, and set their options.

    Raises
    ------
    UserError
        For unknown names, which lists what there is, and for unknown options and values.
    """
    from vae.measures.registry import MEASURES
    from vae.options import choose, override

    names = [name.strip() for part in what for name in part.split(",") if name.strip()]
    if "all" in names:
        names = list(MEASURES)
    if not names:
        names = [name for name, cls in MEASURES.items() if not cls.is_slow]
    chosen = {name: choose(MEASURES, name, "measure")() for name in names}
    for text in sets:
        key, equals, value = text.partition("=")
        name, dot, option = key.strip().partition(".")
        if not (equals and dot):
            raise UserError(f"--set takes MEASURE.OPTION=VALUE, not '{text}'")
        choose(MEASURES, name, "measure")
        if name not in chosen:
            raise UserError(f"--set {text} is of a measure that is left out; add --what {name}")
        chosen[name] = override(chosen[name], option.replace("-", "_"), value.strip())
    return list(chosen.values())


def duration(seconds: float) -> str:
    """Say how long, in the unit that gives a number a person can grasp."""
    if seconds < 1:
        return "a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _as_json(
    args: argparse.Namespace, subject: "Subject", dataset: str, done: "list[Done]", notes: list[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in done:
        for name, (value, stderr) in one.found.estimates.items():
            values[name] = value
            if stderr is not None:
                values[f"{name}_stderr"] = stderr
    head = {key: getattr(args, key) for key in ("split", "binarize", "dequantize", "seed")}
    return {
        "dataset": dataset,
        **head,
        "n_images": len(subject.split),
        **values,
        "note": "; ".join(notes) or None,
        "measures": {one.measure.name: _record(one) for one in done},
    }


def _record(one: "Done") -> dict[str, Any]:
    return {
        "n_images": one.found.n_images,
        "units": {quantity.name: quantity.unit for quantity in one.measure.quantities},
        "seconds": round(one.seconds, 2),
        "note": one.found.note,
        **({"details": dict(one.found.details)} if one.found.details else {}),
    }


def _lines(
    args: argparse.Namespace, dataset: str, done: "list[Done]", notes: list[str]
) -> list[str]:
    binarize = "" if args.binarize == "none" else f", {args.binarize} binarization"
    rows = [("", "value", "std. error", "images", "unit")]
    for one in done:
        for quantity in one.measure.quantities:
            value, stderr = one.found.estimates[quantity.name]
            shown = "undefined" if value is None else _number(value)
            error = "" if stderr is None else _number(stderr)
            rows.append((quantity.name, shown, error, f"{one.found.n_images:,}", quantity.unit))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    table = [
        f"{row[0]:<{widths[0]}}  "
        + "  ".join(f"{text:>{width}}" for text, width in zip(row[1:4], widths[1:], strict=True))
        + f"  {row[4]}"
        for row in rows
    ]
    said = [f"note: {note}" for note in notes]
    return [f"{dataset}, {args.split} split{binarize}", *table, *said]


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"
