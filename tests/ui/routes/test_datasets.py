"""A look at a data set's images: only of what is on this machine."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.asking import Answer, ask
from ui.resources import datasets
from ui.routes import datasets as dataset_routes
from vae import data


def get(name: str) -> Answer:
    return ask(dataset_routes.routes(), dataset_routes.strip_address(name))


def test_the_strip_of_a_data_set_is_a_picture_of_its_training_images() -> None:
    answer = get("digits")
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/png"
    across, down = dataset_routes.COLUMNS * (8 + 2), dataset_routes.ROWS * (8 + 2)
    assert Image.open(io.BytesIO(answer.body)).size == (across, down)


def test_every_class_is_in_the_sample() -> None:
    train = data.load("digits").train
    images = datasets.sample("digits", 10).transpose(0, 3, 1, 2)
    rows = [np.flatnonzero((train.images == image).all(axis=(1, 2, 3)))[0] for image in images]
    assert sorted(train.labels[rows]) == list(range(10))


@pytest.mark.parametrize("name", ["nowhere", "..%2F..%2Fetc%2Fpasswd", "kmnist"])
def test_what_is_not_here_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_DATA", str(tmp_path))
    assert get(name).status == 404
