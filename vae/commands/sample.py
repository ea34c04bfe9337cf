"""Draw latents from the prior, decode them and write the images as one sheet."""

import argparse
import math

from vae.commands import classes
from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_beta, add_checkpoint, number, seed
from vae.commands.writing import check_writable, suffix, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_checkpoint(parser)
    add_beta(parser)
    parser.add_argument(
        "--count", type=number(1, 10_000), default=64, help="number of images (default 64)"
    )
    parser.add_argument("--seed", type=seed, default=0, help="of the draw (default 0)")
    parser.add_argument("--out", required=True, metavar="FILE.png", help="the sheet, a PNG")
    parser.add_argument(
        "--zoom", type=number(1, 16), default=2, help="screen pixels a pixel (default 2)"
    )
    parser.add_argument(
        classes.FLAG,
        metavar="CLASS",
        help="class of every image, by name or number, for a model that is told classes "
        "(default: all classes in turn, a column each)",
    )


def run(args: argparse.Namespace) -> None:
    """Sample, decode and write."""
    import torch

    from vae.export import pictures

    suffix(args.out, (".png",))
    check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint, args.beta)
    model, label = checkpoint.model, classes.told(checkpoint, args.label)
    generator = torch.Generator().manual_seed(args.seed)
    columns, of, y = math.ceil(math.sqrt(args.count)), "", None
    if label is not None:
        y, of = torch.full((args.count,), label), f" of class {classes.name_of(checkpoint, label)}"
    elif count := model.conditioning.classes:
        y, of = torch.arange(args.count) % count, " of all classes in turn"
        columns = min(count, args.count)
    z = model.prior.sample(args.count, generator, model.conditioning.to_prior(y))
    images = pictures.decode(model, z.numpy(), None if y is None else y.numpy())
    write(args.out, pictures.png(pictures.sheet(images, columns), args.zoom))
    print(f"{args.out}: {args.count} images{of} decoded from draws of the prior, seed {args.seed}")
    if not model.config.posterior.has_density:
        print("note: a plain autoencoder has no prior; these z are standard normal draws")
