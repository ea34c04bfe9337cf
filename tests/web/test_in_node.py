"""The scripts' own tests, `*.test.js`, in node; Python writes down what they compare with.

Beside `paths.test.js` lies `paths_oracle.py`, whose `oracle()` returns what PyTorch and NumPy say:
the test reads it from the file that ORACLE names.
"""

import importlib
import json
from pathlib import Path

import pytest

from tests.web import node

HERE = Path(__file__).resolve().parent
TESTS = sorted(path.name.removesuffix(".test.js") for path in HERE.glob("*.test.js"))
ORACLES = sorted(path.stem.removesuffix("_oracle") for path in HERE.glob("*_oracle.py"))


@pytest.mark.parametrize("name", TESTS)
def test_the_scripts_pass_their_own_tests(name: str, tmp_path: Path) -> None:
    oracle = tmp_path / "oracle.json"
    if name in ORACLES:
        said = importlib.import_module(f"tests.web.{name}_oracle").oracle()
        oracle.write_text(json.dumps(said, allow_nan=False))
    ran = node.run("--test", "--test-reporter=spec", HERE / f"{name}.test.js", ORACLE=str(oracle))
    assert ran.returncode == 0, ran.stdout


def test_a_failing_test_of_a_script_is_a_failure(tmp_path: Path) -> None:
    failing = tmp_path / "failing.test.js"
    failing.write_text('require("node:test")("fails", () => { throw new Error("as it should"); });')
    ran = node.run("--test", failing)
    assert ran.returncode == 1
    assert "as it should" in ran.stdout


def test_every_oracle_has_its_test() -> None:
    assert set(ORACLES) <= set(TESTS)
