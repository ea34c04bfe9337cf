"""The shipped models: all there, small, whole, and as good as their own headers say."""

import os

import numpy as np
import pytest
import torch

from vae.checkpoint import read
from vae.data import DATASETS, Split, load
from vae.errors import UserError
from vae.files.writing import SHIPPED
from vae.library import SUFFIX
from vae.measures import likeness, widths
from vae.measures.evaluation import encode_split, evaluate
from vae.models.posteriors import Gaussian, Point
from vae.runs.packaging import MOST_EXACT, atlas_images

NAMES = (
    *("mnist-2d", "mnist-20d", "mnist-ae-2d", "mnist-simple"),
    *("fashion-2d", "fashion-20d", "digits-2d", "sprites-10d", "sprites-tcvae-10d"),
    *("mnist-cvae-2d", "mnist-multirate-2d", "mnist-multirate-wide-2d"),
    *("mnist-iwae-20d", "mnist-vamp-2d", "mnist-flow-20d"),
    *("mnist-pca-2d", "mnist-dbn", "mnist-m2"),
    *("mnist-nested-32d", "mnist-pca-32d"),
)
LARGEST, LARGEST_FOLDER = 4_500_000, 54_000_000


@pytest.fixture(scope="module", params=NAMES)
def shipped(request):
    return read(SHIPPED / f"{request.param}{SUFFIX}")


def test_the_folder_holds_these_models_and_no_others():
    assert {path.stem for path in SHIPPED.glob(f"*{SUFFIX}")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_file_is_at_most_four_and_a_half_megabytes(name):
    assert (SHIPPED / f"{name}{SUFFIX}").stat().st_size <= LARGEST


def test_the_folder_has_at_most_fifty_four_megabytes():
    files = (path for path in SHIPPED.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) <= LARGEST_FOLDER


@pytest.mark.parametrize("name", NAMES)
def test_the_command_that_makes_it_stands_in_the_readme(name):
    assert f"--out runs/{name}" in (SHIPPED / "README.md").read_text()


def test_weights_are_those_of_half_precision(shipped):
    for value in shipped.model.state_dict().values():
        assert torch.equal(value, value.half().float())


def test_the_atlas_holds_ten_thousand_test_images_or_all_there_are(shipped):
    wanted = min(atlas_images(shipped.model.config), shipped.dataset["n_test"])
    assert shipped.dataset["split"] == "test"
    for field in ("loc", "scale", "label", "index"):
        values = getattr(shipped.atlas, field)
        assert len(values) == wanted
        assert np.isfinite(values).all()
    assert (shipped.atlas.scale.max() == 0) == (not shipped.model.config.posterior.has_density)


def test_the_atlas_is_what_the_model_encodes(shipped):
    dataset = _load(shipped)
    rows = shipped.atlas.index[:200]
    labels = None if dataset.test.labels is None else dataset.test.labels[rows]
    found = encode_split(shipped.model, Split(dataset.test.images[rows], labels)).loc
    # float32 sums over a batch of another size differ in their last digits, and files keep the
    # means of many dimensions with 11 bits
    many = found.shape[1] > MOST_EXACT
    np.testing.assert_allclose(
        shipped.atlas.loc[:200], found, atol=1e-4, rtol=2**-10 if many else 1e-7
    )


def test_the_header_tells_what_the_model_reaches(shipped):
    dataset = _load(shipped)
    result = evaluate(shipped.model, dataset.test).to_json()
    for key in ("elbo", "reconstruction", "kl"):
        # the same draws of z, summed in another order on another processor
        assert result[key] == pytest.approx(shipped.metrics[key], abs=0.01)
    assert result["n_images"] == shipped.metrics["n_images"]


@pytest.mark.parametrize("name", ["mnist-nested-32d", "mnist-pca-32d"])
def test_the_header_tells_the_error_of_each_width(name):
    made = read(SHIPPED / f"{name}{SUFFIX}")
    told = made.metrics[widths.KEY]
    assert [one["width"] for one in told] == list(range(1, 33))
    few = (1, 8, 32)
    found = widths.squared_errors(made.model, _load(made).test, few)
    for width, errors in zip(few, found, strict=True):
        # float32 sums on another processor
        assert told[width - 1]["error"] == pytest.approx(errors.mean(), rel=1e-4)
        assert told[width - 1]["error_stderr"] == pytest.approx(errors.std() / 100, rel=1e-3)


def test_the_header_holds_the_quantiles_of_the_reconstruction_term():
    digits = read(SHIPPED / f"digits-2d{SUFFIX}")
    found = likeness.quantiles(digits.model, load("digits", download=False).test.images)
    # the header has two decimals
    np.testing.assert_allclose(likeness.stored(digits), found, atol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_model_can_tell_a_picture_that_is_unlike_its_own(name):
    quantiles = likeness.stored(read(SHIPPED / f"{name}{SUFFIX}"))
    assert quantiles == sorted(quantiles)


def test_the_autoencoder_has_the_network_of_its_variational_twin():
    plain, twin = (read(SHIPPED / f"{name}{SUFFIX}") for name in ("mnist-ae-2d", "mnist-2d"))
    assert plain.model.config.architecture == twin.model.config.architecture
    assert (plain.model.config.posterior, twin.model.config.posterior) == (Point(), Gaussian())


def test_the_textbook_model_and_the_pressed_one_are_what_they_are_called():
    simple = read(SHIPPED / f"mnist-simple{SUFFIX}").model
    assert [layer.out_features for layer in simple.encoder if hasattr(layer, "out_features")] == [
        *(400, 64)
    ]
    assert read(SHIPPED / f"sprites-10d{SUFFIX}").training["objective"]["beta"] > 1


def _load(shipped):
    name = shipped.dataset["name"]
    try:
        dataset = load(name, download=False)
    except UserError:
        if os.environ.get("VAE_DATA"):
            raise
        pytest.skip(f"{name} is not on this machine and VAE_DATA names no folder")
    if dataset.test.sha256() != shipped.dataset["sha256"]:
        pytest.skip(f"the test images of {name} on this machine are not those it was made with")
    return dataset


def test_every_shipped_models_data_set_is_in_the_registry(shipped):
    assert shipped.dataset["name"] in DATASETS
