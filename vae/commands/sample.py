"""Draw latents from the prior, decode them and write the images as one sheet."""

import argparse
import math

from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_checkpoint, number, seed
from vae.commands.writing import check_writable, suffix, write


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_checkpoint(parser)
    parser.add_argument(
        "--count", type=number(1, 10_000), default=64, help="number of images (default 64)"
    )
    parser.add_argument("--seed", type=seed, default=0, help="of the draw (default 0)")
    parser.add_argument("--out", required=True, metavar="FILE.png", help="the sheet, a PNG")
    parser.add_argument(
        "--zoom", type=number(1, 16), default=2, help="screen pixels a pixel (default 2)"
    )


def run(args: argparse.Namespace) -> None:
    """Sample, decode and write."""
    import torch

    from vae.export import pictures

    suffix(args.out, (".png",))
    check_writable(args.out)
    model = open_checkpoint(args.checkpoint).model
    generator = torch.Generator().manual_seed(args.seed)
    z = model.prior.sample(args.count, generator)
    images = pictures.decode(model, z.numpy())
    sheet = pictures.sheet(images, math.ceil(math.sqrt(args.count)))
    write(args.out, pictures.png(sheet, args.zoom))
    print(f"{args.out}: {args.count} images decoded from draws of the prior, seed {args.seed}")
    if not model.config.posterior.has_density:
        print("note: a plain autoencoder has no prior; these z are standard normal draws")
