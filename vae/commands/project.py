"""Project encoded images onto a plane by PCA, t-SNE or UMAP."""

import argparse
import dataclasses
import json
from typing import Any

from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_checkpoint, add_json
from vae.commands.progress import progress
from vae.commands.writing import check_writable, write
from vae.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    from vae.latent.projection import PROJECTIONS
    from vae.options import describe

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_checkpoint(parser)
    parser.add_argument(
        "--method", choices=tuple(PROJECTIONS), default="pca", help="projection (default pca)"
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="OPTION=VALUE",
        help="set an option of the method; may be repeated",
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE.npz",
        help="NumPy archive with xy (images, 2) float32, row of each image in the model's atlas "
        "and label, -1 for none",
    )
    add_json(parser)
    lines = [
        f"  {field.name} ({cls.name}): {describe(field)}"
        for cls in PROJECTIONS.values()
        for field in dataclasses.fields(cls)
    ]
    parser.epilog = "\n".join(["options for --set:", *lines]).replace("%", "%%")


def run(args: argparse.Namespace) -> None:
    """Project and write."""
    from vae.files import arrays

    options = configure(args.method, args.set or [])
    check_writable(args.out)
    checkpoint = open_checkpoint(args.checkpoint)
    atlas = checkpoint.atlas
    if atlas is None:
        raise UserError(f"{args.checkpoint} holds no encoded images; train the model again")
    rows = options.rows(len(atlas.loc))
    with progress(args.method, "steps", args.json) as report:
        xy = options.fit(atlas.loc[rows], report)
    write(args.out, arrays.write(xy=xy, row=rows, label=atlas.label[rows]))
    if args.json:
        print(json.dumps({"out": args.out, "method": args.method, "n_images": len(rows)}))
    else:
        print(f"{args.out}: {len(rows)} of {len(atlas.loc)} encoded images by {args.method}")


def configure(method: str, sets: list[str]) -> Any:
    """Turn OPTION=VALUE texts into the options of a method."""
    from vae.latent.projection import PROJECTIONS
    from vae.options import choose, override

    options = choose(PROJECTIONS, method, "method")()
    for text in sets:
        name, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--set takes OPTION=VALUE, such as perplexity=50, not '{text}'")
        options = override(options, name.strip().replace("-", "_"), value.strip())
    return options
