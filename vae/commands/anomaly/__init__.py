"""Tell how strange images are to a model, and which are above a threshold for false alarms."""

import argparse
import json
import math
import sys
from typing import TYPE_CHECKING

from vae.commands.anomaly.images import Own, Scored, chosen, own_of
from vae.commands.anomaly.report import Found, as_json, lines, table
from vae.commands.measure import LONG, duration
from vae.commands.opening import open_checkpoint, open_dataset
from vae.commands.parsing import add_beta, add_checkpoint, add_dataset, add_json, seed
from vae.commands.progress import progress
from vae.commands.writing import check_writable, write
from vae.errors import UserError

if TYPE_CHECKING:
    import numpy as np

    from vae.measures.anomaly import Detector, NormalScores, Score

ALARM_RATE = 0.01


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.measures.anomaly import SCORES

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_checkpoint(parser)
    add_beta(parser)
    add_dataset(parser)
    parser.add_argument(
        "--classes",
        metavar="LABELS",
        help="of these images only those with such labels, several with commas between",
    )
    parser.add_argument(
        "--score",
        action="append",
        metavar="SCORE",
        help="a score, several with commas between, or all (default: unexplained)",
    )
    parser.add_argument(
        "--alarm-rate",
        type=_rate,
        default=ALARM_RATE,
        metavar="SHARE",
        help="share of normal images that may be called strange; the threshold for it is set on "
        f"validation images (default {ALARM_RATE})",
    )
    parser.add_argument(
        "--normal",
        metavar="NAME",
        help="data set that is normal, where it is not the one the model was trained on",
    )
    parser.add_argument(
        "--roc",
        action="store_true",
        help="also how well each score tells these images, as strange ones, from the test split of "
        "the normal ones: the area under the curve with its 95%% interval",
    )
    parser.add_argument(
        "--out",
        metavar="FILE.csv",
        help="a table with a line for each image, for each score two"
        " columns: its value, and whether it is above the threshold",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of all draws (default 0)")
    add_json(parser)
    lines = (f"  {n}: {c.sentence}{' (slow)' if c.is_slow else ''}" for n, c in SCORES.items())
    parser.epilog = "\n".join(["scores:", *lines]).replace("%", "%%")


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"must be a number between 0 and 1, not '{text}'")
    return value


def run(args: argparse.Namespace) -> None:
    """Score, write and print."""
    from vae.measures.anomaly import Detector

    if args.out:
        check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    dataset = open_dataset(args.dataset, checkpoint, args.json)
    own = own_of(args, checkpoint, dataset)
    scored = chosen(dataset, args.split, args.classes)
    if args.roc and (scored.dataset, args.split, args.classes) == (own.name, "test", None):
        raise UserError("--roc compares these images with themselves; give --dataset strange ones")
    train = None if own.dataset is None else own.dataset.train.images
    detector = Detector(checkpoint.model, train, args.seed)
    wanted, refused = _wanted(detector, args.score or [])
    found = [_found(detector, one, scored, own, args) for one in wanted]
    if args.out:
        write(args.out, table(scored, found))
    if args.json:
        print(json.dumps(as_json(args, scored, own, found, refused)))
    else:
        print("\n".join(lines(args, scored, own, found, refused)))


def _wanted(detector: "Detector", what: list[str]) -> "tuple[list[Score], dict[str, str]]":
    """Choose scores by name; those without a meaning for the model with the reason."""
    from vae.measures.anomaly import DEFAULTS, SCORES
    from vae.options import choose

    names = [name.strip() for part in what for name in part.split(",") if name.strip()]
    if "all" in names:
        names = list(SCORES)
    if not names:
        usable = (name for name in DEFAULTS if detector.refusal(SCORES[name]()) is None)
        names = [next(usable, DEFAULTS[0])]
    chosen = [choose(SCORES, name, "score")() for name in dict.fromkeys(names)]
    refused = {one.name: detector.refusal(one) for one in chosen}
    why = {name: reason for name, reason in refused.items() if reason}
    if len(why) == len(chosen):
        raise UserError(f"{chosen[0].title} cannot be used here: {why[chosen[0].name]}")
    return [one for one in chosen if one.name not in why], why


def _found(
    detector: "Detector", score: "Score", scored: Scored, own: Own, args: argparse.Namespace
) -> Found:
    from vae.measures.anomaly import found_at, roc, threshold

    count = len(scored.images)
    _say_how_long(detector, score, count, args.json)
    limit = threshold(_normal(detector, score, own, "validation", args).values, args.alarm_rate)
    with progress(
        score.name, "steps", _is_quiet(detector, score, len(scored.images), args)
    ) as report:
        values = detector.score(scored.images.images, score, report)
    curve = None
    if args.roc:
        curve = roc(_normal(detector, score, own, "test", args).values, values)
    return Found(score, values, limit, found_at(limit, values), curve)


def _say_how_long(detector: "Detector", score: "Score", count: int, quiet: bool) -> None:
    seconds = detector.seconds(score, count)
    if seconds >= LONG:
        text = f"{score.name}: {count:,} images, about {duration(seconds)}"
        print(text, file=sys.stderr if quiet else sys.stdout, flush=True)


def _is_quiet(detector: "Detector", score: "Score", count: int, args: argparse.Namespace) -> bool:
    # lines about what is done in a moment would bury the numbers
    return args.json or detector.seconds(score, count) < LONG


def _normal(
    detector: "Detector", score: "Score", own: Own, split: str, args: argparse.Namespace
) -> "NormalScores":
    """Score normal images that the model was not trained on, unless that was done before."""
    from vae import library
    from vae.files.digest import digest
    from vae.measures.anomaly import kept

    there = None if own.dataset is None else own.dataset.split(split)
    file = digest(library.find(args.checkpoint))
    key = kept.Key(file, score, own.name, split, args.beta, args.seed)

    def make() -> "np.ndarray":
        if there is None:
            raise UserError(
                f"the images {own.name} that the model was trained on are not on this machine, and "
                "no threshold was set before; get them, or give --normal NAME"
            )
        quiet = _is_quiet(detector, score, len(there), args)
        with progress(f"{score.name} of normal images", "steps", quiet) as report:
            return detector.score(there.images, score, report)

    return kept.normal_scores(key, None if there is None else there.sha256(), make)
