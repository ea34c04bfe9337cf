"""Draw latents from the prior, decode them and write the images as one sheet."""

import argparse
import math
from typing import TYPE_CHECKING

from vae.commands import classes
from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_beta, add_checkpoint, number, seed
from vae.commands.writing import check_writable, suffix, write
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.models.vae import VAE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_checkpoint(parser)
    add_beta(parser)
    parser.add_argument(
        "--count", type=number(1, 10_000), default=64, help="number of images (default 64)"
    )
    parser.add_argument("--seed", type=seed, default=0, help="of the draw (default 0)")
    parser.add_argument(
        "--gibbs-steps",
        type=number(1, 100_000),
        metavar="N",
        help="steps of Gibbs sampling before each draw, for a Boltzmann machine (default: the "
        "model's own number)",
    )
    parser.add_argument(
        "--chain",
        action="store_true",
        help="one row per chain of a Boltzmann machine, after 0, 1, 2, 5, 10, … steps; --count "
        "says how many chains",
    )
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
    moments = _moments_of(model, args)
    if moments:
        z = model.prior.chain(args.count, moments, generator).transpose(0, 1).flatten(0, 1)
        columns, how = len(moments), f"{args.count} Gibbs chains after {_listed(moments)} steps"
    else:
        z = model.prior.sample(args.count, generator, model.conditioning.to_prior(y))
        how = f"draws by {model.prior.drawn_by}" if model.prior.drawn_by else "draws of the prior"
    images = pictures.decode(model, z.numpy(), None if y is None else y.numpy())
    write(args.out, pictures.png(pictures.sheet(images, columns), args.zoom))
    print(f"{args.out}: {len(images)} images{of} decoded from {how}, seed {args.seed}")
    if not model.config.posterior.has_density and model.prior.drawn_by is None:
        print("note: this model has no prior; these z are standard normal draws")


def _moments_of(model: "VAE", args: argparse.Namespace) -> list[int]:
    """List after how many steps the chains are looked at; none where a draw is what is asked for.

    The model takes as many steps to a draw as the flag says.
    """
    prior, asked = model.prior, args.gibbs_steps is not None or args.chain
    if prior.gibbs_steps is None:
        if asked:
            flag = "--chain" if args.chain else "--gibbs-steps"
            raise UserError(f"this model draws without a Gibbs chain; leave {flag} out")
        return []
    prior.gibbs_steps = args.gibbs_steps or prior.gibbs_steps
    if not args.chain:
        return []
    found = [0] + [first * 10**power for power in range(6) for first in (1, 2, 5)]
    return [moment for moment in found if moment < prior.gibbs_steps] + [prior.gibbs_steps]


def _listed(moments: list[int]) -> str:
    return f"{', '.join(map(str, moments[:-1]))} and {moments[-1]}"
