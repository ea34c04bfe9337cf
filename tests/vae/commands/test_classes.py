"""A model that is told classes, on a data set whose labels mean something else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.__main__ import main
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import MLP

SMALL = MLP(hidden=(8,))
GARMENTS = [f"garment {label}" for label in range(10)]
DIGITS = [str(label) for label in range(10)]
SAID = "label 0 is '0' there and 'garment 0' here (10 of 10 labels differ)"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models of 8×8 images: told ten garments, told ten digits, told nothing."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    kinds = {
        "garments": ("labels", GARMENTS),
        "digits": ("labels", DIGITS),
        "two-swapped": ("labels", [*DIGITS[:8], "9", "8"]),
        "guessing": ("inferred-labels", GARMENTS),
        "untold": ("none", GARMENTS),
    }
    for name, (kind, names) in kinds.items():
        conditioning = CONDITIONINGS[kind]().for_classes(10)
        made = tiny_checkpoint(name, VAEConfig((1, 8, 8), 2, SMALL, conditioning=conditioning))
        made = replace(made, dataset={**made.dataset, "class_names": names})
        checkpoint.write(tmp_path / f"{name}.safetensors", made)


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, object]:
    """Run a command on the digits and return the object that it prints."""
    assert main([*argv, "--dataset", "digits", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("garments", SAID),
        ("two-swapped", "label 8 is '8' there and '9' here (2 of 10 labels differ)"),
        ("guessing", SAID),
        ("digits", None),
        ("untold", None),
    ],
)
def test_an_evaluation_says_where_labels_mean_other_classes_than_the_models(
    capsys: pytest.CaptureFixture[str], model: str, sentence: str | None
) -> None:
    note = said(capsys, "evaluate", model)["note"]
    assert sentence in note if sentence else "means something else" not in note


@pytest.mark.parametrize("command", [["encode", "--out"], ["measure", "--what", "active-units"]])
def test_codes_and_measures_say_so_too(
    capsys: pytest.CaptureFixture[str], command: list[str], tmp_path: Path
) -> None:
    name, *flags = command
    file = [str(tmp_path / "codes.npz")] if name == "encode" else []
    assert SAID in said(capsys, name, "garments", *flags, *file)["note"]
    own = said(capsys, name, "digits", *flags, *file).get("note")
    assert "means something else" not in (own or "")


def test_how_often_a_classifier_names_other_classes_rightly_is_undefined(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = said(capsys, "evaluate", "guessing")
    assert found["accuracy"] is None
    assert found["note"].endswith("accuracy is undefined")
