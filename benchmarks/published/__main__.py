"""One command a row: train, measure, and write the table."""

import argparse
import sys
from pathlib import Path

import torch

from benchmarks import published
from benchmarks.published import beside, page
from benchmarks.published.measure import measure
from benchmarks.published.results import is_there, keep, path_of, read
from benchmarks.published.rows import ROWS, Row
from vae.data import load
from vae.errors import UserError
from vae.training.device import usable_device

REACHED = Path(__file__).resolve().parent / "reached"
"""What has run, on whatever machine: results stay with the project, trainings do not."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.published",
        description=published.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join([*ROWS, beside.NAME]))
    parser.add_argument("--folder", type=Path, default=REACHED, help="of results and trainings")
    parser.add_argument("--seeds", type=int, default=1, help="so many, from 0 (default 1)")
    parser.add_argument("--epochs", type=int, help="fewer than planned; the table says so")
    parser.add_argument("--pythae", type=Path, metavar="PYTHON", help="of an environment with it")
    parser.add_argument("--write", action="store_true", help="write docs/published.md")
    asked = parser.parse_args()
    unknown = [name for name in asked.rows if name not in (*ROWS, beside.NAME)]
    if unknown:
        parser.error(f"unknown row {unknown[0]!r}; choose from {', '.join([*ROWS, beside.NAME])}")
    if not asked.rows and not asked.write:
        parser.error(f"name a row ({', '.join([*ROWS, beside.NAME])}), or give --write")
    return asked


def run(row: Row, asked: argparse.Namespace) -> None:
    """Train and measure those models of a row that are not there yet."""
    usable_device(row.training.device)
    dataset = load("mnist")
    for seed in range(asked.seeds):
        training = row.trained(seed, asked.epochs)
        images = len(dataset.test)
        print(f"{row.name}, seed {seed}, {training.epochs} epochs, {threads()}", flush=True)
        if not is_there(asked.folder, row, training, images):
            found = measure(row, training, dataset, asked.folder)
            keep(path_of(asked.folder, row, training, images), found)
    told = page.chosen(row, read(asked.folder, row))
    print("\n".join([*page.HEAD, page.line(row, told)]))


def put_beside(asked: argparse.Namespace) -> None:
    """Train pythae's VAE and ours, where pythae is there."""
    if asked.pythae is None or not beside.is_there(asked.pythae):
        print(beside.missing(), file=sys.stderr)
        return
    beside.run(asked.folder, load("mnist"), asked.pythae, range(asked.seeds), asked.epochs)


def threads() -> str:
    """Say on how many threads this program computes."""
    count = torch.get_num_threads()
    return f"{count} thread{'s' if count > 1 else ''}"


def main() -> None:
    """Do what is asked for."""
    asked = arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    try:
        for name in asked.rows:
            if name == beside.NAME:
                put_beside(asked)
            else:
                run(ROWS[name], asked)
    except UserError as error:
        sys.exit(f"{error}")
    if asked.write:
        page.write(asked.folder)


if __name__ == "__main__":
    main()
