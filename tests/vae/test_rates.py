"""A model that is told β, as a file: its map at several β goes in, comes out, and is checked."""

import json

import numpy as np
import pytest
import torch

from vae import checkpoint
from vae.__main__ import main
from vae.checkpoint.rates import PLACES, RateAtlas, images_of, places_of
from vae.data import load
from vae.errors import UserError
from vae.export.payload import header_of
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs.estimate import file_bytes
from vae.runs.packaging import package
from vae.training.config import TrainConfig
from vae.training.objectives import MultiRateBound


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """An untrained multi-rate model of the digits, packaged as a finished run does it."""
    digits = load("digits")
    config = VAEConfig(digits.image_shape, 2, MLP(hidden=(16, 8)), conditioning="beta")
    made = package("rates", build(config), digits, TrainConfig(MultiRateBound()))
    found = tmp_path_factory.mktemp("models") / "rates.safetensors"
    checkpoint.write(found, made)
    return found


def said(capsys, *argv):
    assert main(list(argv)) == 0
    return capsys.readouterr().out


def test_both_ends_and_1_are_among_the_betas_that_are_stored():
    for betas in ((0.01, 10.0), (0.5, 1.0), (1.0, 3.0), (1e-4, 1.5)):
        found = places_of(betas)
        assert len(found) == PLACES and (np.diff(found) > 0).all()
        assert (found[0], found[-1]) == betas and 1.0 in found
    assert places_of((1.0, 1.0)).tolist() == [1.0]


def test_the_file_opens_with_the_map_at_every_beta(path):
    found = checkpoint.read(path)
    rates = found.atlas.rates
    assert rates.loc.shape == rates.scale.shape == (PLACES, len(found.atlas.loc), 2)
    codes = found.model.at(0.01).encode(torch.from_numpy(load("digits").test.images / 255).float())
    # stored in float16
    np.testing.assert_allclose(rates.loc[0], codes.mean.numpy(), rtol=1e-3, atol=1e-4)
    at_one = rates.loc[places_of((0.01, 10.0)).tolist().index(1.0)]
    np.testing.assert_allclose(at_one, found.atlas.loc, rtol=1e-3, atol=1e-4)
    assert [one["beta"] for one in found.metrics["rates"]] == places_of((0.01, 10.0)).tolist()


def test_between_two_betas_the_map_is_linear_in_log_beta():
    loc = np.array([[[0.0]], [[1.0]], [[3.0]]])
    atlas = RateAtlas(np.array([0.1, 1.0, 10.0]), loc, loc + 1)
    assert atlas.at(10**0.5)[0] == pytest.approx(2.0)
    assert atlas.at(0.1)[1] == pytest.approx(1.0) and atlas.at(10.0)[1] == pytest.approx(4.0)


def test_a_map_of_many_dimensions_holds_fewer_images():
    assert [images_of(z_dim) for z_dim in (2, 20, 128)] == [10_000, 2_000, 2_000]


def test_the_size_of_the_file_is_foreseen(path):
    model = checkpoint.read(path).model.config
    assert file_bytes(model, len(load("digits").test)) == pytest.approx(
        path.stat().st_size, rel=0.15
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda r: RateAtlas(r.betas[::-1].copy(), r.loc, r.scale), "do not ascend"),
        (lambda r: RateAtlas(r.betas, r.loc[:, :-1], r.scale), "atlas.beta_loc has shape"),
        (lambda r: RateAtlas(r.betas, r.loc, -r.scale), "beta_scale -"),
        (lambda r: RateAtlas(np.ones(40).cumsum(), r.loc, r.scale), "at 40 values of β"),
    ],
)
def test_a_damaged_map_is_refused(change, why, path, tmp_path):
    found = checkpoint.read(path)
    object.__setattr__(found.atlas, "rates", change(found.atlas.rates))
    bad = tmp_path / "bad.safetensors"
    checkpoint.write(bad, found)
    with pytest.raises(UserError, match=why):
        checkpoint.read(bad)


def test_a_model_of_one_beta_has_no_such_map(path, tmp_path):
    found = checkpoint.read(path)
    plain = tmp_path / "plain.safetensors"
    object.__setattr__(found, "model", found.model.at(1.0))
    checkpoint.write(plain, found)
    with pytest.raises(UserError, match=r"'atlas.beta' is not one its config asks for"):
        checkpoint.read(plain)


def test_the_commands_use_a_model_at_the_beta_that_is_asked_for(path, capsys, tmp_path):
    argv = ("evaluate", str(path), "--json")
    low, one, plain = (
        json.loads(said(capsys, *argv, *more))["kl"]
        for more in (("--beta", "0.01"), ("--beta", "1"), ())
    )
    assert low != pytest.approx(one, rel=1e-3) and one == pytest.approx(plain, rel=1e-5)
    stored = {one["beta"]: one["kl"] for one in checkpoint.read_header(path)["metrics"]["rates"]}
    assert low == pytest.approx(stored[0.01], rel=1e-6)
    out = [str(tmp_path / name) for name in ("codes.npz", "sheet.png", "path.gif", "decoder.bin")]
    said(capsys, "encode", str(path), "--beta", "0.01", "--out", out[0])
    with np.load(out[0]) as codes:
        stored_loc = checkpoint.read(path).atlas.rates.loc[0]
        np.testing.assert_allclose(codes["loc"], stored_loc, rtol=1e-3, atol=1e-4)
    said(capsys, "sample", str(path), "--beta", "4", "--count", "4", "--out", out[1])
    ends = ("--from", "3", "--to", "7", "--steps", "3")
    said(capsys, "interpolate", str(path), "--beta", "0.5", *ends, "--out", out[2])
    said(capsys, "export", str(path), "--beta", "0.5", "--format", "decoder", "--out", out[3])
    header = header_of((tmp_path / "decoder.bin").read_bytes())
    assert header["betas"] is None and "gate" not in {layer["op"] for layer in header["layers"]}


def test_a_beta_that_a_model_does_not_know_is_refused_in_a_sentence(path, capsys):
    assert main(["evaluate", str(path), "--beta", "20"]) == 2
    assert "for β from 0.01 to 10, not 20" in capsys.readouterr().err
    assert main(["sample", "digits-2d", "--beta", "1", "--out", "x.png"]) == 2
    assert "told no β" in capsys.readouterr().err
    assert main(["sample", "digits-2d", "--beta", "-1", "--out", "x.png"]) == 2
    assert "must be a number above 0, not '-1'" in capsys.readouterr().err
