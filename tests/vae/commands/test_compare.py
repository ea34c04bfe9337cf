"""`python -m vae compare`: what it prints, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.__main__ import main
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS
from vae.models.vae import build

SMALL = MLP(hidden=(8,))
CONFIGS = {
    "plain": VAEConfig((1, 8, 8), 2, SMALL),
    "other": VAEConfig((1, 8, 8), 3, SMALL),
    "points": VAEConfig((1, 8, 8), 2, SMALL, posterior=POSTERIORS["point"]()),
    "normal": VAEConfig((1, 8, 8), 2, SMALL, likelihood=LIKELIHOODS["gaussian"]()),
    "rated": VAEConfig((1, 8, 8), 2, SMALL, conditioning=CONDITIONINGS["beta"]()),
    "line": VAEConfig((1, 8, 8), 1, SMALL),
}
FEW = "--what rate-distortion --images 60"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    sha256 = data.load("digits").split("test").sha256()
    of_digits = {"name": "digits", "split": "test", "sha256": sha256}
    for seed, (name, config) in enumerate(CONFIGS.items()):
        one = replace(tiny_checkpoint(name, config), dataset=of_digits, model=build(config, seed))
        checkpoint.write(made / f"{name}.safetensors", one)
    foreign = replace(tiny_checkpoint("foreign", CONFIGS["plain"]), atlas=None)
    checkpoint.write(made / "foreign.safetensors", foreign)
    checkpoint.write(made / "wide.safetensors", tiny_checkpoint("wide", VAEConfig()))
    return made


@pytest.fixture(autouse=True)
def library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))


def said(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["compare", *text.split()]) == 0
    return capsys.readouterr().out


def found(capsys: pytest.CaptureFixture[str], text: str) -> dict:
    return json.loads(said(capsys, f"{text} {FEW} --json"))["quantities"]


def refused(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["compare", *text.split()]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    return printed.err


def test_a_model_beside_itself_differs_by_nothing(capsys):
    row = found(capsys, "plain plain")["elbo"]
    assert row["pairs"] == [
        {
            "models": ["plain", "plain#2"],
            "difference": 0.0,
            "stderr": 0.0,
            "p": 1.0,
            "p_corrected": 1.0,
            "significant": False,
            "test": "paired t-test over images",
        }
    ]


def test_the_difference_of_two_models_is_that_of_their_values(capsys):
    row = found(capsys, "plain other")["elbo"]
    values = [row["models"][name]["value"] for name in ("plain", "other")]
    assert row["pairs"][0]["difference"] == pytest.approx(values[0] - values[1])
    assert row["unit"] == "nats per image" and row["direction"] == "higher is better"


def test_an_autoencoder_has_a_distortion_beside_the_others_and_no_elbo(capsys):
    rows = found(capsys, "plain points")
    assert rows["distortion"]["models"]["points"]["value"] > 0
    assert rows["elbo"]["models"]["points"]["value"] is None
    assert "without a posterior density" in rows["elbo"]["models"]["points"]["reason"]


def test_nats_of_other_pixels_are_not_put_side_by_side(capsys):
    rows = found(capsys, "plain normal other")
    assert "of 8-bit pixel values" in rows["elbo"]["models"]["normal"]["reason"]
    assert all(one["value"] is not None for one in rows["rate"]["models"].values())


def test_drawn_as_black_or_white_the_nats_are_of_such_pixels(capsys):
    rows = found(capsys, "plain normal --binarize stochastic")
    reasons = {name: one["reason"] for name, one in rows["elbo"]["models"].items()}
    assert "this number is of black or white pixels" in reasons["plain"]


def test_a_model_at_two_beta_is_two_models(capsys):
    rows = found(capsys, "rated@0.1 rated@10")
    assert list(rows["rate"]["models"]) == ["rated@0.1", "rated@10"]


def test_a_model_of_other_images_or_of_another_shape_has_a_dash_with_the_reason(capsys):
    rows = found(capsys, "plain foreign wide --dataset digits")
    reasons = {name: one["reason"] for name, one in rows["rate"]["models"].items()}
    assert reasons["foreign"] == "it was trained on shapes, not on these images"
    assert reasons["wide"] == "it takes images of 1×28×28, these are 1×8×8"


def test_the_table_names_each_reason_once(capsys):
    text = said(capsys, f"plain points line {FEW}")
    assert "digits, test split" in text and "nats per image" in text
    assert text.count("without a posterior density") == 1


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("plain", "a comparison takes 2 to 8 models, not 1"),
        ("plain foreign", "trained on different images (digits, shapes)"),
        ("plain nowhere", "there is no model 'nowhere'"),
        ("plain other@2", "this model is told no β"),
        ("plain other --what tidiness", "unknown measure 'tidiness'"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(flags, words, capsys):
    assert words in refused(capsys, flags)
