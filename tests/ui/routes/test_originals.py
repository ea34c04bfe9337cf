"""The images behind a map: served one at a time, and only where they are the very same pixels."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.asking import Answer, ask
from tests.tiny_models import tiny_checkpoint
from ui.routes import originals
from vae import checkpoint, data
from vae.models.config import VAEConfig
from vae.models.networks import MLP

SHA256 = data.load("digits").test.sha256()


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the originals of a model of the test images of digits are asked for."""
    return address_of({"sha256": SHA256}, tmp_path, monkeypatch)


def address_of(described: dict, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    model = tiny_checkpoint("seen", VAEConfig((1, 8, 8), 2, MLP(hidden=(4,))))
    told = {"name": "digits", "split": "test", "class_names": []} | described
    checkpoint.write(folder / "seen.safetensors", replace(model, dataset=told))
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return originals.address("seen")


def get(address: str) -> Answer:
    return ask(originals.routes(), address, "")


def test_an_original_is_the_pixels_of_its_row_and_kept_for_good(address: str) -> None:
    answer = get(f"{address}/17")
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    pixels = np.frombuffer(answer.body, np.uint8).reshape(1, 8, 8)
    np.testing.assert_array_equal(pixels, data.load("digits").test.images[17])


def test_the_same_original_comes_as_a_picture(address: str) -> None:
    answer = get(f"{address}/17.png")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    shown = np.asarray(Image.open(io.BytesIO(answer.body)))
    np.testing.assert_array_equal(shown, data.load("digits").test.images[17, 0])


@pytest.mark.parametrize("row", ["100000", "-1", "1e2", "%C2%B2", "9" * 5000, "17.gif", ".png"])
@pytest.mark.parametrize("ending", ["", ".png"])
def test_a_row_that_the_split_does_not_have_is_refused(address: str, row: str, ending: str) -> None:
    answer = get(f"{address}/{row}{ending}")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert len(answer.body) < 200


def test_images_with_other_pixels_are_never_shown_as_originals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = get(address_of({"sha256": "0" * 64}, tmp_path, monkeypatch) + "/17")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"


def test_an_address_that_no_page_gave_out_is_refused_before_any_data_set_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digits = data.DATASETS["digits"]

    def noting() -> tuple[data.Split, data.Split]:
        read.append("digits")
        return digits.read()

    source = replace(digits, name="digits-noted", read=noting)
    monkeypatch.setitem(data.DATASETS, source.name, source)
    given = address_of({"name": source.name, "sha256": SHA256}, tmp_path, monkeypatch)
    for invented in (
        f"/originals/seen/{'0' * 64}",
        f"/originals/seen/{SHA256[:12]}",
        f"/originals/nowhere/{SHA256}",
        f"/originals/..%2F..%2Fetc%2Fpasswd/{SHA256}",
        f"/originals/{source.name}/test/{'0' * 64}",
    ):
        assert get(f"{invented}/17").status == 404
    assert not read
    assert get(f"{given}/17").status == 200
    assert read == ["digits"]


@pytest.mark.parametrize(
    "described",
    [
        {"name": "shapes"},
        {"split": "../x"},
        {"sha256": None},
        {"sha256": "a/b"},
    ],
)
def test_a_model_that_names_no_known_images_has_no_originals(
    described: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address_of(described, tmp_path, monkeypatch) is None
