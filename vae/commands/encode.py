"""Encode a data set into latent codes and write them to a file."""

import argparse
import json

from vae.commands.opening import open_checkpoint, open_dataset
from vae.commands.parsing import add_beta, add_checkpoint, add_dataset, add_json
from vae.commands.progress import progress
from vae.commands.writing import check_writable, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_checkpoint(parser)
    add_beta(parser)
    add_dataset(parser)
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE.npz",
        help="NumPy archive with loc and scale (images, z_dim) float32 and label (images,) int64, "
        "-1 for none",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> None:
    """Encode and write."""
    from vae.files import arrays
    from vae.measures.evaluation import encode_split
    from vae.measures.notes import other_classes

    check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    dataset = open_dataset(args.dataset, checkpoint, args.json)
    with progress("encoding", "images", args.json) as report:
        atlas = encode_split(checkpoint.model, dataset.split(args.split), report)
    write(args.out, arrays.write(loc=atlas.loc, scale=atlas.scale, label=atlas.label))
    count, z_dim = atlas.loc.shape
    note = other_classes(checkpoint, dataset)
    if args.json:
        summary = {"out": args.out, "dataset": dataset.name, "split": args.split}
        noted = {} if note is None else {"note": note}
        print(json.dumps({**summary, "n_images": count, "z_dim": z_dim, **noted}))
    else:
        print(f"{args.out}: {count} images of {dataset.name} ({args.split}), {z_dim} dimensions")
        if note is not None:
            print(f"note: {note}")
