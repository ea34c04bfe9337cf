"""The process of a job: ``python -m vae.jobs KIND BASE``, which pages start and nobody types."""

import importlib
import sys
from collections.abc import Sequence

from vae.errors import UserError

KINDS = ("measures", "projections", "scores")
"""Modules beside this one, each with its ``KIND``: a process loads no other."""


def main(argv: Sequence[str]) -> int:
    """Do the job whose files begin with the path BASE, and return the exit status."""
    kind, base = argv
    if kind not in KINDS:
        raise ValueError(f"not a kind of job: {kind!r}")
    try:
        importlib.import_module(f"vae.jobs.{kind}").KIND.run(base)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
