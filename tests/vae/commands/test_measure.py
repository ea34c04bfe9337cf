"""`python -m vae measure`: what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.__main__ import main
from vae.commands import measure as command
from vae.commands.measure import duration
from vae.measures.registry import MEASURES
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS

SMALL = MLP(hidden=(8,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    plain = VAEConfig((1, 8, 8), 2, SMALL)
    points = VAEConfig((1, 8, 8), 2, SMALL, posterior=POSTERIORS["point"]())
    for name, config in (("plain", plain), ("points", points)):
        checkpoint.write(made / f"{name}.safetensors", tiny_checkpoint(name, config))
    return made


@pytest.fixture(autouse=True)
def library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))


def said(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["measure", *text.split()]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["measure", *text.split()]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_the_table_tells_unit_split_images_and_error(capsys):
    text = said(capsys, "plain --dataset digits --what rate-distortion --images 50")
    assert "digits, test split" in text
    (row,) = (line for line in text.splitlines() if line.startswith("rate "))
    _, value, error, images, *unit = row.split()
    assert float(value) > 0 and float(error) > 0
    assert images == "50" and " ".join(unit) == "nats per image"


def test_json_is_one_object_that_agrees_with_the_registry(capsys):
    flags = "--dataset digits --what rate-distortion,active-units --images 50 --json"
    found = json.loads(said(capsys, f"plain {flags}"))
    assert found["elbo"] == pytest.approx(-found["rate"] - found["distortion"])
    assert found["rate_stderr"] > 0
    assert found["measures"]["rate-distortion"]["n_images"] == 50
    assert found["measures"]["rate-distortion"]["units"]["elbo"] == "nats per image"
    assert list(found["measures"]) == ["rate-distortion", "active-units"]


def test_what_has_no_meaning_for_a_model_is_null_with_a_note(capsys):
    found = json.loads(said(capsys, "points --dataset digits --what rate-distortion --json"))
    assert found["rate"] is None and found["elbo"] is None
    assert "without a posterior density" in found["note"]
    assert "undefined" in said(capsys, "points --dataset digits --what rate-distortion")


def test_without_a_name_all_quick_measures_are_taken(capsys):
    found = json.loads(said(capsys, "plain --dataset digits --images 20 --json"))
    assert list(found["measures"]) == [n for n, cls in MEASURES.items() if not cls.is_slow]


def test_an_unknown_measure_lists_the_choices(capsys):
    text = refused(capsys, "plain --dataset digits --what rate-distorsion")
    assert "unknown measure 'rate-distorsion'; choose from rate-distortion" in text
    assert all(name in text for name in MEASURES)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--set gain=2", "MEASURE.OPTION=VALUE"),
        ("--what active-units --set rate-distortion.x=1", "add --what rate-distortion"),
        ("--what active-units --set active-units.x=1", "unknown option 'x' of active-units"),
        ("--images 0", "--images"),
    ],
)
def test_options_that_do_not_fit_are_refused(capsys, flags, sentence):
    assert sentence in refused(capsys, f"plain --dataset digits {flags}")


def test_a_duration_is_told_in_a_unit_to_grasp():
    told = [duration(seconds) for seconds in (0.1, 12.3, 300.0, 7200.0)]
    assert told == ["a second", "12 s", "5 min", "2.0 h"]


def test_long_work_is_kept_so_that_the_same_command_answers_at_once(capsys, monkeypatch):
    monkeypatch.setattr(command, "LONG", 0.0)
    flags = "--dataset digits --what nll --images 10 --set nll.samples=20 --binarize stochastic"
    first = said(capsys, f"plain {flags}")
    assert "nll: 10 images, about" in first
    second = said(capsys, f"plain {flags}")
    assert "about" not in second
    assert second.splitlines()[-1] == "note: nll: 20 samples per image"
    row = [line for line in first.splitlines() if line.startswith("nll  ")]
    assert row and row == [line for line in second.splitlines() if line.startswith("nll  ")]
