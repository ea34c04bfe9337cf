"""The browser's forward pass against PyTorch in float64, on the same stored weights."""

import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Error, Page
from torch import nn

from tests.browser import scripts
from tests.exported import LIKELIHOODS, checkpoint_of, lively_model, read_payload, write_payload
from vae.export.layers import Weights, export_stack
from vae.export.networks import decoder_payload, encoder_payload
from vae.models.config import VAEConfig
from vae.models.networks import (
    ARCHITECTURES,
    MLP,
    BeliefNet,
    Boltzmann,
    Conv,
    Crop,
    Fourier,
    Linear,
    Residual,
)
from vae.models.vae import VAE

SCRIPT = "core/decoder.js"
SHAPES = [(1, 8, 8), (1, 28, 28), (3, 64, 64), (3, 17, 23)]
Z_DIMS = [1, 128]
# of fully connected layers alone, one shape is as good as another
DENSE = (Linear, Boltzmann, BeliefNet)
NETWORKS = [
    pytest.param(name, shape, id=f"{name}-{shape}")
    for name, cls in ARCHITECTURES.items()
    for shape in ([(3, 17, 23)] if cls in DENSE else SHAPES)
]

# The promise of the design. Sums run in float64 on both sides, so that what is left is the
# float32 in which pixels are kept, 6e-8 of the pixel.
PIXEL_TOLERANCE = 1e-5

# Both sides add up at most some 1e4 float64 products a unit, through a dozen layers: errors of
# 1e4 · 1e-16 a layer, relative to the largest number. exp turns that of log scale, up to 7, into a
# relative one of scale.
POSTERIOR_TOLERANCE = 1e-9

DECODE = """([name, zs]) => zs.map((z) => [...decoder.decode(networks[name], z)])"""
ENCODE = """(pixels) => {
  const { loc, scale } = decoder.encode(networks.encoder, pixels);
  return [[...loc], [...scale]];
}"""
LOAD = """async (name) => {
  const [file] = document.querySelector("input").files;
  networks[name] = decoder.parseNetwork(await file.arrayBuffer());
}"""


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """A page with `decoder` (the module) and `networks` (what was loaded into it), else blank."""
    page = browser.new_page()
    page.set_content("<input type=file>")
    scripts.load(page, "decoder", SCRIPT)
    page.evaluate("globalThis.networks = {}")
    yield page
    page.close()


def load(script: Page, payload: bytes, name: str = "decoder") -> None:
    """Hand a payload over as a file: megabytes as an argument would take seconds."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(payload)
        file.flush()
        script.set_input_files("input", file.name)
        script.evaluate(LOAD, name)


def check_decoder(script: Page, model: VAE, z: torch.Tensor) -> None:
    load(script, decoder_payload(checkpoint_of(model)))
    images = script.evaluate(DECODE, ["decoder", z.tolist()])
    with torch.inference_mode():
        expected = model.double().decode_mean(z).flatten(1).numpy()
    assert expected.std() > 0.05
    np.testing.assert_allclose(images, expected, rtol=0, atol=PIXEL_TOLERANCE)


def check_encoder(script: Page, model: VAE, x: torch.Tensor) -> None:
    load(script, encoder_payload(checkpoint_of(model)), "encoder")
    with torch.inference_mode():
        qz = model.double().encode(x)
    for image, loc, scale in zip(x, qz.loc.numpy(), qz.scale.numpy(), strict=True):
        found = script.evaluate(ENCODE, image.ravel().tolist())
        np.testing.assert_allclose(found[0], loc, atol=POSTERIOR_TOLERANCE * np.abs(loc).max())
        np.testing.assert_allclose(found[1], scale, rtol=POSTERIOR_TOLERANCE)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
@pytest.mark.parametrize(("architecture", "shape"), NETWORKS)
def test_decoding_agrees_with_torch(script, architecture, likelihood, shape, generator):
    for z_dim in Z_DIMS:
        config = VAEConfig(shape, z_dim, ARCHITECTURES[architecture](), LIKELIHOODS[likelihood])
        z = 2 * torch.randn(2, z_dim, dtype=torch.float64, generator=generator)
        check_decoder(script, lively_model(config), z)


@pytest.mark.parametrize("posterior", ["gaussian", "point"])
@pytest.mark.parametrize(("architecture", "shape"), NETWORKS)
def test_encoding_agrees_with_torch(script, architecture, shape, posterior, generator):
    for z_dim in Z_DIMS:
        options = ARCHITECTURES[architecture]()
        config = VAEConfig(shape, z_dim, options, posterior=posterior)
        x = torch.rand(2, *shape, dtype=torch.float64, generator=generator)
        check_encoder(script, lively_model(config), x)


@pytest.mark.parametrize(
    "options",
    [MLP(fourier=12), MLP(norm="none", activation="tanh"), Conv(channels=(5, 7))],
)
def test_decoding_agrees_with_torch_off_the_defaults(script, options, generator):
    z = 3 * torch.randn(4, 2, dtype=torch.float64, generator=generator)
    check_decoder(script, lively_model(VAEConfig((1, 28, 28), 2, options)), z)


def test_a_model_stored_in_float32_is_as_exact(script, generator):
    model = lively_model(VAEConfig((1, 28, 28), 2))
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter *= 1 + 1e-3
    assert read_payload(decoder_payload(checkpoint_of(model)))[0]["dtype"] == "float32"
    check_decoder(script, model, torch.randn(4, 2, dtype=torch.float64, generator=generator))


def test_log_scale_is_clamped_as_in_torch(script, generator):
    model = lively_model(VAEConfig((1, 8, 8), 3, MLP(hidden=(16,))))
    with torch.no_grad():
        model.encoder[-1].bias[3:] += torch.tensor([100.0, -100.0, 0.0])
    check_encoder(script, model, torch.rand(2, 1, 8, 8, dtype=torch.float64, generator=generator))


def raw_network(stack: nn.Sequential, z_dim: int, image_shape: tuple[int, ...]) -> bytes:
    """Export a stack that no architecture builds, with the identity as its link."""
    weights = Weights()
    exported = export_stack(stack, (z_dim,), weights)
    dtype, block = weights.pack()
    return write_payload(
        {
            "format": "vae-network",
            "version": 1,
            "kind": "decoder",
            "z_dim": z_dim,
            "image_shape": image_shape,
            "link": "identity",
            "dtype": dtype,
            "layers": exported.spec["layers"],
        },
        block,
    )


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(3, 5, 3, stride=2, padding=1)],
        [nn.Conv2d(3, 5, (1, 4), stride=(3, 2), padding=(0, 2), bias=False)],
        [nn.Conv2d(3, 1, 5, padding=4)],
        [nn.ConvTranspose2d(3, 5, (2, 3), stride=(3, 1), padding=(0, 1))],
        [nn.ConvTranspose2d(3, 2, 1, stride=3, bias=False)],
        [nn.ConvTranspose2d(3, 4, 5, stride=2, padding=3)],
        [nn.LayerNorm(9), nn.SiLU(), nn.Tanh(), Crop(3, 8)],
        [Residual(nn.ReLU(), Residual(nn.SiLU(), nn.Conv2d(3, 3, 3, padding=1)), nn.ReLU())],
        [nn.Flatten(), Fourier(3), nn.Linear(189 * 7, 6), nn.Unflatten(1, (1, 2, 3))],
    ],
    ids=repr,
)
def test_each_layer_agrees_with_torch(script, layers, generator):
    stack = nn.Sequential(nn.Linear(4, 189), nn.Unflatten(1, (3, 7, 9)), *layers).double()
    with torch.no_grad():
        for parameter in stack.parameters():
            values = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.copy_(values.half())
    z = torch.randn(2, 4, dtype=torch.float64, generator=generator)
    expected = stack(z).detach()
    load(script, raw_network(stack, 4, tuple(expected.shape[1:])))
    run = "([z]) => z.map((row) => [...networks.decoder.run(row)])"
    # both in float64 over at most a thousand products of numbers near 1
    np.testing.assert_allclose(
        script.evaluate(run, [z.tolist()]), expected.flatten(1), rtol=0, atol=1e-9
    )


def test_every_finite_float16_is_read_exactly(script):
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    stack = nn.Sequential(nn.Linear(1, len(halves), bias=False), nn.Unflatten(1, (1, 248, 256)))
    stack[0].weight.data = torch.from_numpy(halves.astype(np.float32))[:, None]
    load(script, raw_network(stack, 1, (1, 248, 256)))
    (values,) = script.evaluate(DECODE, ["decoder", [[1.0]]])
    np.testing.assert_array_equal(values, halves.astype(np.float64))


def test_the_continuous_bernoulli_mean_is_exact_around_logit_zero(script):
    config = VAEConfig((1, 8, 8), 1, MLP(hidden=(4,)), LIKELIHOODS["continuous-bernoulli"])
    model = lively_model(config)
    logits = torch.tensor([0, 1e-8, 1e-4, 5e-3, 0.0199, 0.0201, 0.1, 1, 30, 800]).half()
    with torch.no_grad():
        model.decoder[-2].weight.zero_()
        model.decoder[-2].bias.zero_()
        model.decoder[-2].bias[:10] = logits
        model.decoder[-2].bias[10:20] = -logits
    load(script, decoder_payload(checkpoint_of(model)))
    (image,) = script.evaluate(DECODE, ["decoder", [[0.0]]])
    expected = model.double().decode_mean(torch.zeros(1, 1, dtype=torch.float64))
    # float32 pixels in [0, 1]: half a unit in the last place
    np.testing.assert_allclose(image, expected.detach().numpy().ravel(), rtol=0, atol=6e-8)


def test_a_frame_reuses_its_buffer(script):
    load(script, write_payload(*tiny_payload()))
    assert script.evaluate(
        """() => {
          const frame = decoder.decode(networks.decoder, [0, 0]);
          return frame === decoder.decode(networks.decoder, [1, 1]);
        }"""
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_drawn_to_the_nearest_of_256_levels(script, channels):
    pixels = np.linspace(0, 1, channels * 5 * 7)
    drawn = script.evaluate(
        """([pixels, shape]) => {
          const context = document.createElement("canvas").getContext("2d");
          decoder.drawPixels(context, Float32Array.from(pixels), shape);
          return [...context.getImageData(0, 0, shape[2], shape[1]).data];
        }""",
        [pixels.tolist(), [channels, 5, 7]],
    )
    found = np.array(drawn).reshape(5, 7, 4)
    expected = np.moveaxis(pixels.reshape(channels, 5, 7), 0, -1) * 255
    assert (found[..., 3] == 255).all()
    # half a level, and what float32 adds to a pixel that lies between two
    assert np.abs(found[..., :3] - expected).max() <= 0.5 + 1e-4


def tiny_payload() -> tuple[dict[str, Any], bytes]:
    model = lively_model(VAEConfig((1, 8, 8), 2, MLP(hidden=(4,), fourier=0)))
    header, weights = read_payload(decoder_payload(checkpoint_of(model)))
    return header, weights.astype(np.float16).tobytes()


def damaged(**changes: Any) -> bytes:
    header, weights = tiny_payload()
    return write_payload({**header, **changes}, weights)


def damaged_layer(index: int, **changes: Any) -> bytes:
    header, weights = tiny_payload()
    header["layers"][index].update(changes)
    return write_payload(header, weights)


DAMAGE = {
    "empty": (b"", "0 bytes are no payload"),
    "header cut": (write_payload(*tiny_payload())[:50], "cut short inside the header"),
    "weights cut": (write_payload(*tiny_payload())[:-8], "cut short or damaged"),
    "weights cut in the middle of one": (
        write_payload(*tiny_payload())[:-1],
        "cut short inside its weights",
    ),
    "too many weights": (write_payload(*tiny_payload()) + bytes(8), "its layers use"),
    "not JSON": (b"\x04\0\0\0{{{{", "header is not JSON"),
    "unaligned": (b"\x05\0\0\0{{{{{", "multiple of 4 bytes"),
    "another file": (write_payload({"format": "vae-points"}, b""), "not a vae-network payload"),
    "another version": (damaged(version=2), "version 2; this page reads"),
    "another type": (damaged(dtype="int8"), "unknown weight type 'int8'"),
    "another link": (damaged(link="toString"), "unknown link 'toString'"),
    "another z_dim": (damaged(z_dim=3), "layer 0 (linear) takes 2 numbers, not 3"),
    "another image": (damaged(image_shape=[1, 8, 9]), "the decoder ends in 1,8,8, not 1,8,9"),
    "no layers": (damaged(layers=None), "lists no layers"),
    "unknown layer": (damaged_layer(0, op="attention"), "unknown layer 'attention'"),
    "weights too few": (damaged_layer(0, weight=[0, 1]), "weight must be 8 weights"),
    "weights outside": (damaged_layer(0, weight=[1 << 40, 8]), "lies outside the payload"),
    "weights missing": (damaged_layer(0, weight=None), "weight must be 8 weights"),
    "huge layer": (damaged_layer(0, out=1 << 40), "weight must be"),
    "negative size": (damaged_layer(0, out=-4), "must be a positive whole number"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_payload_is_an_error_that_says_what_is_wrong(script, damage):
    payload, message = DAMAGE[damage]
    with pytest.raises(Error) as caught:
        load(script, payload)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("z", "message"),
    [
        ([1.0], "takes 2 numbers, not 1"),
        ([0.0, None], "input 1 of the decoder is null, not a finite number"),
    ],
)
def test_a_wrong_z_is_an_error(script, z, message):
    load(script, write_payload(*tiny_payload()))
    with pytest.raises(Error) as caught:
        script.evaluate(DECODE, ["decoder", [z]])
    assert message in str(caught.value)


def test_an_encoder_does_not_decode(script):
    model = lively_model(VAEConfig((1, 8, 8), 2, MLP(hidden=(4,))))
    load(script, encoder_payload(checkpoint_of(model)))
    with pytest.raises(Error, match="needs a decoder"):
        script.evaluate(DECODE, ["decoder", [[0.0] * 64]])
