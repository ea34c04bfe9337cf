"""Write a model in a form for other programs."""

import argparse

from vae.commands.opening import open_checkpoint
from vae.commands.parsing import add_beta, add_checkpoint
from vae.commands.writing import check_writable, write
from vae.errors import UserError

FORMATS = ("html", "onnx", "decoder")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_checkpoint(parser)
    add_beta(parser)
    parser.add_argument(
        "--format",
        required=True,
        choices=FORMATS,
        help="decoder: the network as the browser loads it; html and onnx are not available yet",
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="file to write")


def run(args: argparse.Namespace) -> None:
    """Export and write."""
    if args.format != "decoder":
        raise UserError(f"the format {args.format} is not available yet; use --format decoder")
    from vae.export.networks import decoder_payload

    check_writable(args.out)
    content = decoder_payload(open_checkpoint(args.checkpoint, args.beta))
    write(args.out, content)
    print(f"{args.out}: {len(content):,} bytes")
