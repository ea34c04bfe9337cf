"""The map's payload, read back with nothing but its own header."""

import json

import numpy as np
import pytest

from tests.exported import checkpoint_of
from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.export.points import LEVELS, points_payload, points_payload_from_atlas
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build


def atlas_of(count: int, z_dim: int = 2, **columns: np.ndarray) -> Atlas:
    draw = np.random.default_rng(0)
    fields = {
        "loc": draw.normal(0, 2, (count, z_dim)).astype(np.float32),
        "scale": draw.uniform(0.01, 1, (count, z_dim)).astype(np.float32),
        "label": np.arange(count) % 11 - 1,
        "index": 3 * np.arange(count),
    }
    return Atlas(**(fields | columns))


def read_points(payload: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Read header and arrays, trusting only what the header says."""
    length = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + length])
    arrays = {}
    for name, entry in header["arrays"].items():
        offset = 4 + length + entry["offset"]
        assert offset % 4 == 0
        count = int(np.prod(entry["shape"]))
        array = np.frombuffer(payload, np.dtype(entry["dtype"]), count, offset)
        arrays[name] = array.reshape(entry["shape"])
    return header, arrays


@pytest.mark.parametrize("z_dim", [1, 2, 7])
@pytest.mark.parametrize("count", [0, 1, 5])
def test_every_column_comes_back_as_it_was(count, z_dim):
    atlas = atlas_of(count, z_dim)
    header, arrays = read_points(points_payload_from_atlas(atlas))
    assert (header["count"], header["z_dim"]) == (count, z_dim)
    np.testing.assert_array_equal(arrays["loc"], atlas.loc)
    np.testing.assert_array_equal(arrays["scale"], atlas.scale.astype(np.float16))
    np.testing.assert_array_equal(arrays["label"], atlas.label)
    np.testing.assert_array_equal(arrays["index"], atlas.index)


def test_quantised_means_are_within_half_a_step():
    atlas = atlas_of(1000, 3)
    header, arrays = read_points(points_payload_from_atlas(atlas, quantise=True))
    low, high = np.array(header["arrays"]["loc"]["range"])
    step = (high - low) / LEVELS
    assert arrays["loc"].dtype == np.uint16
    # float32 keeps 2⁻²⁴ of a number, here up to 10
    error = np.abs(low + arrays["loc"] * step - atlas.loc)
    assert (error <= step / 2 + 10 * 2.0**-24).all()
    np.testing.assert_array_equal(arrays["loc"].min(axis=0), 0)
    np.testing.assert_array_equal(arrays["loc"].max(axis=0), LEVELS)


def test_a_dimension_without_spread_is_quantised_exactly():
    atlas = atlas_of(4, loc=np.full((4, 2), 1.25, np.float32))
    header, arrays = read_points(points_payload_from_atlas(atlas, quantise=True))
    assert header["arrays"]["loc"]["range"] == [[1.25, 1.25], [1.25, 1.25]]
    assert not arrays["loc"].any()


def test_a_model_s_payload_is_that_of_its_atlas():
    config = VAEConfig((1, 8, 8), 2, MLP(hidden=(4,)))
    atlas = atlas_of(6)
    checkpoint = checkpoint_of(build(config), atlas)
    assert points_payload(checkpoint) == points_payload_from_atlas(atlas)
    with pytest.raises(UserError, match="carries no encoded images"):
        points_payload(checkpoint_of(build(config)))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("loc", np.nan, "posterior means that are not finite"),
        ("loc", np.inf, "posterior means that are not finite"),
        ("scale", np.nan, "standard deviations"),
        ("scale", -1.0, "standard deviations"),
        ("scale", 1e6, "over 65504"),
        ("label", 40_000, "label 40000, outside -1 to 32767"),
        ("label", -2, "label -2"),
        ("index", -1, "index -1, outside 0 to 4294967295"),
    ],
)
def test_what_does_not_fit_is_refused_and_never_wrapped(column, value, words):
    atlas = atlas_of(3)
    getattr(atlas, column)[1] = value
    with pytest.raises(UserError, match=words):
        points_payload_from_atlas(atlas)
