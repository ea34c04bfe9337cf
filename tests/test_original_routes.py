"""The images behind a map: served one at a time, and only where they are the very same pixels."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.asking import Answer, ask
from tests.tiny_models import tiny_checkpoint
from ui import original_routes
from vae import checkpoint, data
from vae.model import VAEConfig
from vae.networks import MLP


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the originals of a model of the test images of digits are asked for."""
    return address_of({"sha256": data.load("digits").test.sha256()}, tmp_path, monkeypatch)


def address_of(described: dict, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    model = tiny_checkpoint("seen", VAEConfig((1, 8, 8), 2, MLP(hidden=(4,))))
    told = {"name": "digits", "split": "test", "class_names": []} | described
    checkpoint.write(folder / "seen.safetensors", replace(model, dataset=told))
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return original_routes.originals_address("seen")


def get(address: str) -> Answer:
    return ask(original_routes.routes(), address)


def test_an_original_is_the_pixels_of_its_row_and_kept_for_good(address: str) -> None:
    answer = get(f"{address}/17")
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    pixels = np.frombuffer(answer.body, np.uint8).reshape(1, 8, 8)
    np.testing.assert_array_equal(pixels, data.load("digits").test.images[17])


def test_a_row_that_the_split_does_not_have_is_refused(address: str) -> None:
    assert get(f"{address}/100000").status == 404


def test_images_with_other_pixels_are_never_shown_as_originals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = get(address_of({"sha256": "0" * 64}, tmp_path, monkeypatch) + "/17")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "described", [{"name": "shapes"}, {"split": "../x"}, {"sha256": None}, {"sha256": "a/b"}]
)
def test_a_model_that_names_no_known_images_has_no_originals(
    described: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address_of(described, tmp_path, monkeypatch) is None
