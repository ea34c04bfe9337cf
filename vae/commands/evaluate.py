"""Evaluate a model on a data set: bound, likelihood, active units."""

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from vae.commands.opening import open_checkpoint, open_dataset
from vae.commands.parsing import add_beta, add_checkpoint, add_dataset, add_json, number, seed
from vae.commands.progress import progress
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.data import ImageDataset
    from vae.measures.evaluation import Evaluation
    from vae.models.vae import VAE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.measures.evaluation import BINARIZE, MAX_IMPORTANCE_SAMPLES

    add_checkpoint(parser)
    add_beta(parser)
    add_dataset(parser)
    parser.add_argument(
        "--importance-samples",
        type=number(0, MAX_IMPORTANCE_SAMPLES),
        default=0,
        metavar="K",
        help="samples per image for the negative log-likelihood; 5000 is usual, and takes minutes "
        "for 10,000 images (default 0: left out)",
    )
    parser.add_argument(
        "--binarize",
        choices=BINARIZE,
        default="none",
        help="draw each pixel as 0 or 1 once before evaluating; 'fixed' is this project's own "
        "fixed draw (default none)",
    )
    parser.add_argument(
        "--dequantize",
        action="store_true",
        help="spread each 8-bit pixel value over its cell by uniform noise, so that a density "
        "tells bits per pixel and channel that compare with those of probabilities",
    )
    parser.add_argument(
        "--knn",
        type=number(1, 1000),
        metavar="K",
        help="also the accuracy of K nearest neighbours among the training images' codes",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of z and of the pixels (default 0)")
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Evaluate and print."""
    from vae.measures.evaluation import evaluate
    from vae.measures.notes import other_classes

    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    dataset = open_dataset(args.dataset, checkpoint, args.json)
    if args.knn:
        _check_knn(dataset, args.split, args.knn)
    with progress("evaluating", "decoded images", args.json) as report:
        result = evaluate(
            checkpoint.model,
            dataset.split(args.split),
            importance_samples=args.importance_samples,
            binarize=args.binarize,
            dequantize=args.dequantize,
            seed=args.seed,
            split_name=args.split,
            progress=report,
        )
    if args.knn:
        result = replace(result, knn_accuracy=_knn(checkpoint.model, dataset, args.split, args.knn))
    result = _with_other_classes(result, other_classes(checkpoint, dataset))
    if args.json:
        print(json.dumps({"dataset": dataset.name, **result.to_json()}))
    else:
        print("\n".join(_lines(result, dataset.name, args.knn)))


def _with_other_classes(result: "Evaluation", said: str | None) -> "Evaluation":
    """Add to the note that labels mean other classes; how many were inferred rightly is lost."""
    if said is None:
        return result
    if result.accuracy is not None:
        said += "; accuracy is undefined"
    note = "; ".join(filter(None, (result.note, said)))
    return replace(result, note=note, accuracy=None)


def _check_knn(dataset: "ImageDataset", split: str, k: int) -> None:
    # before the evaluation, which may take minutes
    if split == "train":
        raise UserError("--knn compares with the training images; choose --split test")
    if dataset.train.labels is None:
        raise UserError(f"the data set {dataset.name} has no labels; leave --knn out")
    labelled = int((dataset.train.labels >= 0).sum())
    if k > labelled:
        raise UserError(f"--knn {k} is more than the {labelled} labelled training images there are")


def _knn(model: "VAE", dataset: "ImageDataset", split: str, k: int) -> float:
    import numpy as np

    from vae.measures.evaluation import encode_split, knn_accuracy

    # a model that infers labels is told none of those that its codes are to be judged by
    told = not model.conditioning.infers
    train, held_out = (
        encode_split(model, dataset.split(name), told=told) for name in ("train", split)
    )
    # own images may have no label here and there
    train, held_out = (one.take(np.flatnonzero(one.label >= 0)) for one in (train, held_out))
    if not len(held_out.loc):
        raise UserError(f"no image of the {split} split has a label; leave --knn out")
    return knn_accuracy(train.loc, train.label, held_out.loc, held_out.label, k)


def _lines(result: "Evaluation", dataset: str, k: int | None) -> list[str]:
    binarize = "" if result.binarize == "none" else f", {result.binarize} binarization"
    rows = [
        ("elbo", result.elbo, "nats per image"),
        ("reconstruction", result.reconstruction, "nats per image"),
        ("kl", result.kl, "nats per image"),
        ("bits_per_dim", result.bits_per_dim, f"bits per pixel and channel, {result.pixels}"),
        ("nll", result.nll, _nll_unit(result)),
        ("active_units", result.active_units, _units(result)),
        (
            "accuracy",
            result.accuracy,
            "share of the labelled images, by its own classifier",
        ),
        ("knn_accuracy", result.knn_accuracy, f"with k = {k}, nearest training images"),
        ("pixel_scale", result.pixel_scale, _scale_unit(result)),
    ]
    asked = {
        "nll": result.importance_samples,
        "knn_accuracy": k,
        "accuracy": result.accuracy is not None,
        "pixel_scale": result.pixel_scale is not None,
    }
    lines = [f"{dataset}, {result.split} split, {result.n_images} images{binarize}"]
    for name, value, unit in rows:
        if asked.get(name, True):
            shown = "undefined" if value is None else _number(value)
            lines.append(f"{name:<15} {shown:>10}{'' if value is None else '  ' + unit}")
    if result.kl_per_dim is not None:
        lines.append("kl_per_dim      " + " ".join(f"{kl:.3f}" for kl in result.kl_per_dim))
    return lines + ([f"note: {result.note}"] if result.note else [])


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _scale_unit(result: "Evaluation") -> str:
    unit = "standard deviation of a pixel, in pixel values"
    if result.pixel_scale_range is None:
        return unit
    low, high = result.pixel_scale_range
    return f"{unit}; root mean square over positions, from {low:.4f} to {high:.4f}"


def _nll_unit(result: "Evaluation") -> str:
    error = "" if result.nll_stderr is None else f" ± {result.nll_stderr:.4f} (standard error)"
    return f"nats per image{error}, {result.importance_samples} importance samples"


def _units(result: "Evaluation") -> str:
    return "" if result.kl_per_dim is None else f"of {len(result.kl_per_dim)}"
