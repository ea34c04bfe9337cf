"""Walk from one class to another through the latent space and write the images."""

import argparse
from typing import TYPE_CHECKING

from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_checkpoint, number
from vae.commands.writing import check_writable, write
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.latent import PATHS

    add_checkpoint(parser)
    for flag, what in (("--from", "start"), ("--to", "end")):
        parser.add_argument(
            flag,
            required=True,
            dest=what,
            metavar="CLASS",
            help=f"class to {what} at, by number or name: its encoded image nearest its mean",
        )
    parser.add_argument(
        "--method", choices=tuple(PATHS), default="slerp", help="kind of path (default slerp)"
    )
    parser.add_argument(
        "--steps", type=number(2, 1000), default=32, help="images on the path (default 32)"
    )
    parser.add_argument(
        "--out", required=True, metavar="FILE", help="an animation (.gif) or one strip (.png)"
    )
    parser.add_argument(
        "--zoom", type=number(1, 16), default=4, help="screen pixels a pixel (default 4)"
    )


def run(args: argparse.Namespace) -> None:
    """Find both ends, walk, decode and write."""
    from vae import latent
    from vae.commands import drawing

    kind = drawing.suffix(args.out, (".gif", ".png"))
    check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint)
    atlas = checkpoint.atlas
    if atlas is None:
        raise UserError(f"{args.checkpoint} holds no encoded images; train the model again")
    start, end = (class_label(checkpoint, text) for text in (args.start, args.end))
    a, b = (atlas.loc[latent.class_representative(atlas, label)] for label in (start, end))
    images = drawing.decode(checkpoint.model, latent.path(a, b, args.steps, args.method))
    if kind == ".png":
        content = drawing.png(drawing.sheet(images, len(images), args.zoom))
    else:
        frames = [drawing.picture(image, args.zoom) for image in images]
        # there and back, so that the loop has no jump
        content = drawing.gif(frames + frames[-2:0:-1], milliseconds=60)
    write(args.out, content)
    print(f"{args.out}: {args.steps} images from {args.start} to {args.end}, {args.method}")


def class_label(checkpoint: "Checkpoint", text: str) -> int:
    """Turn a class name, or else a label number, into the label."""
    import numpy as np

    names = list(checkpoint.dataset.get("class_names") or [])
    folded = [name.casefold() for name in names]
    if text.casefold() in folded:
        return folded.index(text.casefold())
    known = {str(label): int(label) for label in np.unique(checkpoint.atlas.label) if label >= 0}
    if text in known:
        return known[text]
    shown = names or list(known)
    raise UserError(
        f"unknown class '{text[:60]}' of the model {checkpoint.name}; "
        f"choose from {', '.join(shown) or 'none: its images have no labels'}"
    )
