"""Thin the folder of a finished run to what the Train page replays: `checkpoints/replays`.

python -m benchmarks.thin_run runs/mnist-2d checkpoints/replays/mnist-2d --snapshots 40
"""

import argparse
from pathlib import Path

from vae.errors import UserError
from vae.runs import replays


def main() -> None:
    """Thin one run and say how large it has become."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run")
    parser.add_argument("target", type=Path, help="folder to make")
    parser.add_argument("--snapshots", type=int, default=40, help="most to keep (default 40)")
    asked = parser.parse_args()
    try:
        replays.thin(asked.run, asked.target, asked.snapshots)
    except UserError as error:
        parser.error(str(error))
    size = sum(path.stat().st_size for path in asked.target.rglob("*") if path.is_file())
    print(f"wrote {asked.target}, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
