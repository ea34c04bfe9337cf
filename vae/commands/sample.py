"""Decode draws of the prior, or the prior's grid or its traversals, onto one sheet."""

import argparse
import math
from typing import TYPE_CHECKING

from vae.commands import classes
from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_beta, add_checkpoint, number, seed
from vae.commands.writing import check_writable, suffix, write
from vae.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

    from vae.checkpoint import Checkpoint
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
        "--layout",
        choices=("draws", "grid", "traversal"),
        default="draws",
        help="draws of the prior, a grid at equal steps of its probability for a z of two "
        "dimensions, or one row per dimension in which it alone takes those steps (default draws)",
    )
    parser.add_argument(
        "--steps",
        type=number(2, 64),
        default=9,
        help="images along a side of the grid or a traversal (default 9)",
    )
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
        "--zoom", type=number(1, 16), default=2, help="screen pixels per pixel (default 2)"
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
    if args.layout != "draws":
        z, columns = _steps_of(model, args, label or 0), args.steps
        how = f"{args.steps} equal steps of the prior's probability along each dimension"
        y, of = _first_class(checkpoint, label, len(z))
    elif moments:
        z = model.prior.chain(args.count, moments, generator).transpose(0, 1).flatten(0, 1)
        columns, how = len(moments), f"{args.count} Gibbs chains after {_listed(moments)} steps"
    else:
        z = model.prior.sample(args.count, generator, model.conditioning.to_prior(y))
        how = f"draws by {model.prior.drawn_by}" if model.prior.drawn_by else "draws of the prior"
    images = pictures.decode(model, z.numpy(), None if y is None else y.numpy())
    write(args.out, pictures.png(pictures.sheet(images, columns), args.zoom))
    drawn = f", seed {args.seed}" if args.layout == "draws" else ""
    print(f"{args.out}: {len(images)} images{of} decoded from {how}{drawn}")
    if args.layout == "draws" and not (
        model.config.posterior.has_density or model.prior.drawn_by is not None
    ):
        print("note: this model has no prior; these z are standard normal draws")


def _steps_of(model: "VAE", args: argparse.Namespace, label: int) -> "Tensor":
    """Return the latents of a grid, or of a traversal of each dimension from the prior's mean.

    Where each class has a normal of its own, it is that of ``label`` which is stepped through.
    """
    import numpy as np
    import torch

    from vae.latent import paths

    config = model.config
    by_class = bool(model.prior.classes)
    if not (config.posterior.has_density and (config.prior.rings or by_class)):
        raise UserError(
            f"a {args.layout} steps through a prior that is one normal, which this model does not "
            "have; use --layout draws"
        )
    if args.layout == "grid" and config.z_dim != 2:
        raise UserError(
            f"a grid goes through two dimensions and this model has {config.z_dim}; use "
            "--layout traversal"
        )
    if args.layout == "grid":
        z = paths.prior_grid(args.steps).reshape(-1, 2)
    else:
        origin = np.zeros(config.z_dim)
        rows = [paths.traversal(origin, dim, args.steps) for dim in range(config.z_dim)]
        z = np.concatenate(rows)
    normals = model.prior.components()
    if by_class and normals is not None:
        z = normals.loc[label] + normals.scale[label] * z
    return torch.from_numpy(z)


def _first_class(
    checkpoint: "Checkpoint", label: int | None, count: int
) -> tuple["Tensor | None", str]:
    """Give every image one class, the first unless one is named, and say so."""
    import torch

    if not checkpoint.model.conditioning.classes:
        return None, ""
    chosen = label or 0
    return torch.full((count,), chosen), f" of class {classes.name_of(checkpoint, chosen)}"


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
