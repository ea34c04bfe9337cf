"""Laws of the browser's payloads: framing, weights, shapes, and the joined scripts."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.exported import checkpoint_of, lively_model, read_payload
from vae.checkpoint import Atlas
from vae.errors import UserError
from vae.export.layers import Weights, export_stack
from vae.export.networks import decoder_payload, encoder_payload, multiply_adds
from vae.models.config import VAEConfig
from vae.models.networks import ARCHITECTURES, MLP, Residual
from vae.models.posteriors import Gaussian, Point
from vae.models.vae import build

SHAPES = [(1, 8, 8), (1, 28, 28), (3, 17, 23)]
SMALL = MLP(hidden=(12, 8), fourier=2)


def spans(layers: list[dict]) -> list[tuple[int, int]]:
    """List every [offset, count] of a header's layers, in order of offset."""
    found = []
    for layer in layers:
        found += [tuple(layer[key]) for key in ("weight", "bias") if layer.get(key)]
        found += spans(layer.get("layers", []))
    return sorted(found)


@pytest.fixture(params=[decoder_payload, encoder_payload], ids=["decoder", "encoder"])
def pack(request):
    return request.param


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_weights_cover_the_block_once_in_the_order_of_the_model(name, shape, pack):
    model = build(VAEConfig(shape, 3, ARCHITECTURES[name]()))
    header, weights = read_payload(pack(checkpoint_of(model)))
    end = 0
    for offset, count in spans(header["layers"]):
        assert offset == end
        end += count
    assert end == len(weights)
    network = getattr(model, header["kind"])
    expected = torch.cat([p.detach().ravel() for p in network.parameters()])
    np.testing.assert_array_equal(weights, expected.numpy())


@pytest.mark.parametrize("z_dim", range(1, 5))
def test_weights_start_at_a_multiple_of_four_bytes(z_dim, pack):
    payload = pack(checkpoint_of(build(VAEConfig((1, 8, 8), z_dim, SMALL))))
    assert (4 + int.from_bytes(payload[:4], "little")) % 4 == 0


def test_the_same_model_gives_the_same_bytes(pack):
    config = VAEConfig((1, 8, 8), 2, SMALL)
    first, second = (pack(checkpoint_of(lively_model(config))) for _ in range(2))
    assert first == second
    other = lively_model(config)
    with torch.no_grad():
        next(other.parameters())[0] += 1
        other.decoder[-2].bias[0] += 1
    assert pack(checkpoint_of(other)) != first


@pytest.mark.parametrize(("posterior", "rings"), [(Gaussian(), True), (Point(), False)])
def test_the_priors_rings_are_drawn_for_a_model_that_was_held_to_it(posterior, rings, pack):
    model = lively_model(VAEConfig((1, 8, 8), 2, SMALL, posterior=posterior))
    assert read_payload(pack(checkpoint_of(model)))[0]["latent"]["rings"] is rings


def test_weights_that_float16_holds_travel_as_float16(pack):
    model = lively_model(VAEConfig((1, 8, 8), 2, SMALL))
    assert read_payload(pack(checkpoint_of(model)))[0]["dtype"] == "float16"


@pytest.mark.parametrize("value", [1 / 3, 70_000.0, 2.0**-30])
def test_one_weight_that_float16_cannot_hold_makes_the_block_float32(value, pack):
    model = lively_model(VAEConfig((1, 8, 8), 2, SMALL))
    for network in (model.encoder, model.decoder):
        next(network.parameters()).data.view(-1)[5] = value
    header, weights = read_payload(pack(checkpoint_of(model)))
    assert header["dtype"] == "float32"
    assert weights[5] == np.float32(value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(value):
    model = lively_model(VAEConfig((1, 8, 8), 2, SMALL))
    next(model.decoder.parameters()).data.view(-1)[5] = value
    with pytest.raises(UserError, match="not finite"):
        decoder_payload(checkpoint_of(model))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_multiply_adds_are_those_that_torch_counts(name, shape):
    model = build(VAEConfig(shape, 3, ARCHITECTURES[name]())).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.decoder(torch.zeros(1, 3))
    # torch counts a multiply-add as two operations
    assert 2 * multiply_adds(checkpoint_of(model)) == counter.get_total_flops()


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(3, 5, 3, stride=2, padding=1),
        nn.Conv2d(3, 5, (1, 4), stride=(3, 2), padding=(0, 2), bias=False),
        nn.ConvTranspose2d(3, 5, 4, stride=2, padding=1),
        nn.ConvTranspose2d(3, 5, (2, 3), stride=(3, 1), padding=(0, 1)),
        Residual(nn.SiLU(), nn.Conv2d(3, 3, 1)),
    ],
    ids=repr,
)
def test_the_exported_shape_is_that_of_the_output(layer):
    exported = export_stack(nn.Sequential(layer), (3, 7, 9), Weights())
    assert exported.shape == tuple(layer(torch.zeros(1, 3, 7, 9)).shape[1:])


def test_an_unknown_layer_is_refused_by_name():
    with pytest.raises(UserError, match=r"Dropout cannot be exported.*Linear"):
        export_stack(nn.Sequential(nn.Dropout()), (3,), Weights())


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 4, 3, groups=2),
        nn.Conv2d(4, 4, 3, dilation=2),
        nn.Conv2d(4, 4, 3, padding="same"),
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="reflect"),
        nn.ConvTranspose2d(4, 4, 3, stride=2, output_padding=1),
        nn.LayerNorm((8, 8)),
        nn.LayerNorm(8, elementwise_affine=False),
        nn.Flatten(2),
        nn.Linear(8, 8),
        Residual(nn.Conv2d(4, 4, 3)),
    ],
    ids=repr,
)
def test_a_layer_in_a_form_that_the_browser_does_not_run_is_refused(layer):
    with pytest.raises(UserError, match=f"{type(layer).__name__} cannot be exported"):
        export_stack(nn.Sequential(layer), (4, 8, 8), Weights())


def test_the_header_tells_what_a_page_shows():
    model = lively_model(VAEConfig((1, 8, 8), 2, SMALL))
    checkpoint = checkpoint_of(
        model,
        training={"objective": {"name": "elbo", "beta": 1.0}},
        dataset={"name": "digits", "class_names": ["zero", "one"]},
        metrics={"kl_per_dim": [2.5, 0.1]},
    )
    header, _ = read_payload(decoder_payload(checkpoint))
    told = {key: header[key] for key in ("model", "dataset", "objective", "class_names", "link")}
    assert told == {
        "model": "tiny",
        "dataset": "digits",
        "objective": "elbo",
        "class_names": ["zero", "one"],
        "link": "sigmoid",
    }
    assert header["latent"]["kl_per_dim"] == [2.5, 0.1]
    assert header["latent"]["loc_mean"] is None and header["n_atlas"] == 0


def atlas_of(loc: np.ndarray) -> Atlas:
    count = len(loc)
    label = np.full(count, -1)
    return Atlas(loc.astype(np.float32), np.full_like(loc, 0.5, np.float32), label, label)


def latent_of(loc: np.ndarray) -> dict:
    model = build(VAEConfig((1, 8, 8), loc.shape[1], SMALL))
    return read_payload(decoder_payload(checkpoint_of(model, atlas_of(loc))))[0]["latent"]


def test_the_header_tells_which_dimensions_the_codes_use():
    loc = np.random.default_rng(0).normal(size=(2000, 3)) * np.sqrt([0.005, 0.02, 1.0]) + [7, 0, 0]
    assert latent_of(loc)["used"] == [False, True, True]


def test_components_are_the_principal_directions_of_the_atlas():
    angle = 0.3
    directions = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    t = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    circle = np.stack([5 * np.cos(t), np.sin(t)], 1)
    latent = latent_of(circle @ directions + [1.0, -2.0])
    # the atlas is float32: directions are good to about 1e-7 of its largest entry
    np.testing.assert_allclose(latent["components"], directions, atol=1e-5)
    np.testing.assert_allclose(latent["loc_mean"], [1.0, -2.0], atol=1e-5)
    assert latent["scale_mean"] == [0.5, 0.5]


def test_one_dimension_has_a_second_component_of_zeros():
    assert latent_of(np.array([[1.0], [2.0]]))["components"] == [[1.0], [0.0]]
