"""Arguments of the command line, refused in one line that says what to do."""

import argparse
import math
from collections.abc import Callable
from typing import NoReturn

from vae.errors import UserError


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are `UserError`s, without the usage in front."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see {self.prog} --help")


def number(minimum: int, maximum: int) -> Callable[[str], int]:
    """Make an argparse type for whole numbers of a range."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(
                f"must be a whole number from {minimum} to {maximum}, not '{text}'"
            )
        return value

    return parse


seed = number(0, 2**31 - 1)


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """Declare the model a command works on."""
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT",
        help="a model file (.safetensors), or the name of a shipped model or a run",
    )


def add_beta(parser: argparse.ArgumentParser) -> None:
    """Declare at which β a model that is told β is used."""
    parser.add_argument(
        "--beta",
        type=_beta,
        metavar="X",
        help="weight of the KL at which a multi-rate model is used (default 1); other models take "
        "none",
    )


def _beta(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, not '{text}'")
    return value


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """Declare the images a command works on."""
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="data set, or the path of own images (default: the one the model was trained on)",
    )
    parser.add_argument(
        "--split",
        default="test",
        choices=("train", "validation", "test"),
        help="part of the data set (default test)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Declare ``--json``."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
