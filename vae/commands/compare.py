"""Compare models number by number, with tests over images; a dash where that has no meaning."""

import argparse
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from vae.commands.measure import add_measuring, configure, measured
from vae.commands.opening import open_checkpoint, open_dataset
from vae.commands.parsing import add_dataset, add_json
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.data import ImageDataset
    from vae.measures.comparison import Cell, Entry, Row
    from vae.measures.registry import Measure

MOST = 8
EPILOG = f"""Numbers are compared where they stand on the same ground: the same images, and for
nats the same kind of pixels. Values of the same images are compared by a paired t-test, numbers
that are no mean over images by what both are on the same parts of the images (a paired jackknife),
others by their standard errors; p-values are corrected (Holm) for the pairs of models of a row.
The best value is marked * only where it differs significantly from each other one, and ~ marks
values that do not differ significantly from another. NAME@BETA is a multi-rate model at one β. Two
to {MOST} models."""


class Compared(NamedTuple):
    """A model of the comparison."""

    name: str
    """As the table has it: unique."""
    file: str
    beta: float | None
    checkpoint: "Checkpoint"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.measures.evaluation import BINARIZE

    parser.add_argument(
        "models",
        metavar="CHECKPOINT",
        nargs="+",
        help="model files (.safetensors), or names of shipped models or runs",
    )
    add_dataset(parser)
    parser.add_argument(
        "--what",
        action="append",
        metavar="MEASURE",
        help="a measure, several with commas between, or all (default: those that are quick); see "
        "python -m vae measure --help",
    )
    add_measuring(parser, least=2)
    parser.add_argument(
        "--binarize",
        choices=BINARIZE,
        default="none",
        help="draw each pixel as 0 or 1 once, the same for all models (default none)",
    )
    add_json(parser)
    parser.epilog = EPILOG


def run(args: argparse.Namespace) -> None:
    """Measure each model, compare and print."""
    measures = configure(args.what or [], args.set or [])
    models = _opened(args.models)
    dataset = open_dataset(args.dataset or _own_dataset(models), _fitting(models, args), args.json)
    rows = [row for measure in measures for row in _rows(measure, models, dataset, args)]
    if args.json:
        print(json.dumps(_as_json(args, dataset.name, models, rows)))
    else:
        print("\n".join(_lines(args, dataset.name, models, rows)))


def _opened(asked: list[str]) -> list[Compared]:
    if not 2 <= len(asked) <= MOST:
        raise UserError(f"a comparison takes 2 to {MOST} models, not {len(asked)}")
    found: list[Compared] = []
    for text in asked:
        file, beta = _at_beta(text)
        again = sum(one.name.partition("#")[0] == text for one in found)
        name = f"{text}#{again + 1}" if again else text
        found.append(Compared(name, file, beta, open_checkpoint(file, beta)))
    return found


def _at_beta(text: str) -> tuple[str, float | None]:
    file, at, beta = text.rpartition("@")
    try:
        return (file, float(beta)) if at else (text, None)
    except ValueError:
        return text, None


def _own_dataset(models: list[Compared]) -> str | None:
    names = {str(one.checkpoint.dataset.get("name")) for one in models}
    if len(names) > 1:
        raise UserError(
            f"the models were trained on different images ({', '.join(sorted(names))}); say by "
            "--dataset NAME on which ones they are compared"
        )
    return None


def _fitting(models: list[Compared], args: argparse.Namespace) -> "Checkpoint":
    """Choose the model by whose shape a data set is refused: one that was trained on it."""
    own = (one for one in models if one.checkpoint.dataset.get("name") == args.dataset)
    return next(own, models[0]).checkpoint


def _rows(
    measure: "Measure", models: list[Compared], dataset: "ImageDataset", args: argparse.Namespace
) -> "list[Row]":
    from vae.measures.comparison import compared

    of_models = [_entries(measure, one, dataset, args) for one in models]
    return [
        compared(quantity, entries)
        for quantity, *entries in zip(measure.quantities, *of_models, strict=True)
    ]


def _entries(
    measure: "Measure", model: Compared, dataset: "ImageDataset", args: argparse.Namespace
) -> "list[Entry]":
    """Measure a model, and say of each quantity what it stands on."""
    from vae.measures.comparison import Entry, subject_of, why_not

    reason = why_not(model.checkpoint, dataset)
    if reason is not None:
        return [Entry(model.name, reason=reason) for _ in measure.quantities]
    subject = subject_of(model.checkpoint, dataset, args.split, args.binarize, args.seed)
    told = {"checkpoint": model.file, "beta": model.beta, "dequantize": subject.dequantize}
    found = measured(measure, subject, dataset, argparse.Namespace(**vars(args) | told)).found
    return [Entry.of(model.name, quantity, subject, found) for quantity in measure.quantities]


def _as_json(
    args: argparse.Namespace, dataset: str, models: list[Compared], rows: "list[Row]"
) -> dict[str, Any]:
    from vae.measures.comparison import written
    from vae.measures.comparison.row import LEVEL

    return {
        "dataset": dataset,
        **{key: getattr(args, key) for key in ("split", "binarize", "seed")},
        "models": [one.name for one in models],
        "level": LEVEL,
        "correction": written.CORRECTION,
        "quantities": {row.quantity.name: written.to_json(row) for row in rows},
    }


def _lines(
    args: argparse.Namespace, dataset: str, models: list[Compared], rows: "list[Row]"
) -> list[str]:
    from vae.measures.comparison.row import LEVEL

    notes: dict[str, int] = {}
    table = [("", *(one.name for one in models), "unit")]
    for row in rows:
        numbers = (_number(cell, notes) for cell in row.cells)
        table.append((row.quantity.name, *numbers, row.quantity.unit))
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    printed = [
        f"{line[0]:<{widths[0]}}  "
        + "  ".join(f"{text:>{width}}" for text, width in zip(line[1:-1], widths[1:], strict=False))
        + f"  {line[-1]}"
        for line in table
    ]
    binarize = "" if args.binarize == "none" else f", {args.binarize} binarization"
    return [
        f"{dataset}, {args.split} split{binarize}; value ± standard error",
        *printed,
        f"* significantly better than each other, ~ not significantly different from another "
        f"(p < {LEVEL:g}, corrected by Holm for the pairs of a row)",
        *(f"— {mark}: {note}" for note, mark in notes.items()),
    ]


def _number(cell: "Cell", notes: dict[str, int]) -> str:
    """Write a number with its error and mark, or a dash with the number of its reason."""
    value, error = cell.estimate or (None, None)
    if value is None:
        return f"— {notes.setdefault(cell.reason or 'it is not defined', len(notes) + 1)}"
    written = str(value) if isinstance(value, int) else f"{value:.4f}"
    mark = "*" if cell.best else "~" if cell.alike else " "
    return f"{written}{'' if error is None else f' ± {error:.4f}'} {mark}"
