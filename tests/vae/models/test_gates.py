"""Gates: at one β they fold into the weights, and open ones change nothing."""

import pytest
import torch

from tests.exported import lively_model
from vae.errors import UserError
from vae.models.config import VAEConfig
from vae.models.gates import gates
from vae.models.networks import MLP, Conv, ResNet
from vae.models.vae import build

# of halvings that meet evenly, so that a gate follows a transposed convolution
SHAPE = (1, 16, 16)
ARCHITECTURES = {
    "normalised": MLP(hidden=(8, 6)),
    "plain": MLP(hidden=(8, 6), norm="none"),
    "tanh": MLP(hidden=(8, 6), norm="none", activation="tanh"),
    "conv": Conv(channels=(4, 6), width=8),
    "resnet": ResNet(channels=(4, 6), width=8),
}


def model_of(architecture):
    return lively_model(VAEConfig(SHAPE, 2, architecture, conditioning="beta")).double()


def looks(model, x):
    """Give what a model makes of images: mean and spread of q, and raw outputs of the decoder."""
    with torch.no_grad():
        qz = model.encode(x)
        return torch.cat([qz.mean, qz.stddev, model.decoder(qz.mean).flatten(1)], dim=1)


@pytest.fixture
def x(generator):
    return torch.rand(5, *SHAPE, generator=generator).double()


@pytest.mark.parametrize("beta", [0.01, 0.3, 10.0])
@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_the_folded_model_does_what_the_gated_one_does(kind, beta, x):
    model = model_of(ARCHITECTURES[kind])
    with model.conditioning.saying(torch.full((5,), beta, dtype=torch.float64).log()):
        gated = looks(model, x)
    assert not torch.allclose(gated, looks(model, x), atol=1e-2)
    torch.testing.assert_close(looks(model.at(beta), x), gated, rtol=0, atol=1e-6)


def test_each_image_is_encoded_at_its_own_beta(x):
    model = model_of(ARCHITECTURES["conv"])
    betas = torch.tensor([0.01, 0.1, 1.0, 2.0, 10.0], dtype=torch.float64)
    with model.conditioning.saying(betas.log()):
        together = looks(model, x)
    alone = [looks(model.at(float(b)), one[None]) for b, one in zip(betas, x, strict=True)]
    torch.testing.assert_close(together, torch.cat(alone), rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_open_gates_leave_the_plain_model(kind, x):
    model = build(VAEConfig(SHAPE, 2, ARCHITECTURES[kind], conditioning="beta")).double()
    plain = build(VAEConfig(SHAPE, 2, ARCHITECTURES[kind])).double()
    for gate in gates(model):
        torch.nn.init.zeros_(gate.slope)
        # a sigmoid of 60 is 1 in float64
        torch.nn.init.constant_(gate.shift, 60.0)
    folded = model.at(0.1)
    assert folded.state_dict().keys() == plain.state_dict().keys()
    plain.load_state_dict(folded.state_dict())
    torch.testing.assert_close(looks(model, x), looks(plain, x), rtol=0, atol=0)


def test_a_model_that_is_told_nothing_is_at_beta_1(x):
    model = model_of(ARCHITECTURES["plain"])
    torch.testing.assert_close(looks(model, x), looks(model.at(1.0), x), rtol=0, atol=1e-6)


def test_a_model_of_one_beta_has_no_gates_and_is_at_no_other():
    model = build(VAEConfig(SHAPE, 2, ARCHITECTURES["plain"]))
    assert not list(gates(model))
    with pytest.raises(UserError, match="told no β"):
        model.at(0.5)


def test_a_beta_outside_the_range_is_refused():
    with pytest.raises(UserError, match="for β from 0.01 to 10, not 11"):
        model_of(ARCHITECTURES["plain"]).at(11.0)
