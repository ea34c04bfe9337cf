"""What the Generate page asks the server for: the nearest training image, and a classifier."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.asking import Answer, ask
from tests.tiny_models import write_models
from ui.resources import classifiers, datasets
from ui.routes import draws
from vae import checkpoint, library
from vae.export.payload import header_of
from vae.export.pictures import decode
from vae.models.conditioning import MultiRate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build

MODEL = "digits-2d"
"""Its images come with a library, so that they are on every machine."""
Z = (0.3, -0.8)


def get(model: str, what: str, query: str = "") -> Answer:
    return ask(draws.routes(), draws.addresses(model)[what], query)


def nearest(model: str, query: str) -> tuple[int, str]:
    answer = get(model, "nearest", query)
    return answer.status, answer.body.decode()


def test_the_nearest_training_image_is_the_one_of_all_that_is_nearest() -> None:
    status, text = nearest(MODEL, f"z={Z[0]},{Z[1]}")
    found = json.loads(text)
    train = datasets.of_model(MODEL).train.images
    model = checkpoint.read(library.find(MODEL)).model
    image = np.moveaxis(decode(model, np.array([Z])), 3, 1)
    distances = np.sqrt(((train / 255 - image / 255) ** 2).sum((1, 2, 3)))
    assert status == 200
    assert found["distance"] == pytest.approx(distances.min(), abs=1e-9)
    assert distances[found["row"]] == pytest.approx(distances.min(), abs=1e-9)
    assert base64.b64decode(found["pixels"]) == train[found["row"]].tobytes()
    assert 1 / (found["held_out"] + 1) <= found["share"] <= 1


@pytest.fixture
def rated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model of the digits that is told β."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    told = MultiRate(lowest=0.1, highest=10.0)
    model = build(VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)), conditioning=told))
    made = replace(checkpoint.read(library.find(MODEL)), model=model, atlas=None)
    checkpoint.write(tmp_path / "rated.safetensors", made)
    return "rated"


def test_at_another_beta_it_is_the_one_nearest_to_what_is_decoded_there(rated: str) -> None:
    status, text = nearest(rated, f"z={Z[0]},{Z[1]}&beta=0.2")
    found = json.loads(text)
    assert status == 200
    train = datasets.of_model(rated).train.images
    model = checkpoint.read(library.find(rated)).model

    def least(beta: float) -> float:
        image = np.moveaxis(decode(model.at(beta), np.array([Z])), 3, 1)
        return float(np.sqrt(((train / 255 - image / 255) ** 2).sum((1, 2, 3))).min())

    assert found["distance"] == pytest.approx(least(0.2), abs=1e-9)
    assert found["distance"] != pytest.approx(least(1.0), abs=1e-9)
    # reconstructions are known at β = 1 alone
    assert found["share_decoded"] is None


@pytest.mark.parametrize(
    ("beta", "status", "said"),
    [("x", 400, "beta must be a number above 0"), ("50", 404, "trained for β from 0.1 to 10")],
)
def test_a_beta_that_the_model_does_not_know_is_refused(
    rated: str, beta: str, status: int, said: str
) -> None:
    found = nearest(rated, f"z=0,0&beta={beta}")
    assert found[0] == status
    assert said in found[1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("z=1", "2 finite numbers"),
        ("z=nan,1", "2 finite numbers"),
        ("", "2 finite numbers"),
        ("z=" + "1" * 9000 + ",1", "too long"),
    ],
)
def test_a_place_that_is_none_is_refused_in_a_sentence(query: str, said: str) -> None:
    status, text = nearest(MODEL, query)
    assert status == 400
    assert said in text


def test_without_the_images_there_is_nothing_to_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(write_models(tmp_path)))
    assert nearest("flat", "z=0,0")[0] == 204
    assert get("flat", "classifier").status == 204
    assert nearest("nobody", "z=0,0")[0] == 400


def test_a_classifier_is_trained_once_and_then_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    monkeypatch.setattr("vae.measures.classifier.trained.STEPS", 20)
    monkeypatch.setattr(classifiers, "_readings", {})
    assert get(MODEL, "classifier").status in (200, 202)
    classifiers.wait(MODEL)
    answer = get(MODEL, "classifier")
    assert answer.status == 200
    header = header_of(answer.body)
    assert header["image_shape"] == [1, 8, 8]
    assert header["n_validation"] == len(datasets.of_model(MODEL).validation)


def test_where_visitors_only_look_no_classifier_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    monkeypatch.setenv("VAE_READONLY", "1")
    monkeypatch.setattr(classifiers, "_readings", {})
    answer = get(MODEL, "classifier")
    assert answer.status == 404
    assert b"starts no work" in answer.body


def test_where_visitors_only_look_a_classifier_that_was_trained_before_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))
    monkeypatch.setattr("vae.measures.classifier.trained.STEPS", 20)
    monkeypatch.setattr(classifiers, "_readings", {})
    classifiers.wait(MODEL)
    kept = get(MODEL, "classifier").body
    # as after a restart
    monkeypatch.setattr(classifiers, "_readings", {})
    monkeypatch.setenv("VAE_READONLY", "1")
    classifiers.wait(MODEL)
    assert get(MODEL, "classifier").body == kept
