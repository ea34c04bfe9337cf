"""The two corruptions, and the clean image that is asked for."""

import pytest
import torch

from tests.vae.training.objectives.scoring import images, model_for, score
from vae.training.objectives import Autoencoder, DenoisingAutoencoder, Elbo
from vae.training.objectives.denoising import CORRUPTIONS, masked, noised


def test_masking_sets_its_share_of_the_pixels_to_black_and_leaves_the_others(generator):
    x = 1 + torch.rand(40_000, generator=generator)
    seen = masked(x, 0.3, generator)
    black = seen == 0
    # five standard errors of a share of 40,000
    assert abs(black.float().mean().item() - 0.3) < 5 * (0.3 * 0.7 / 40_000) ** 0.5
    assert torch.equal(seen[~black], x[~black])


def test_gaussian_corruption_adds_noise_of_its_standard_deviation(generator):
    noise = noised(torch.full((40_000,), 0.5), 0.2, generator) - 0.5
    # five standard errors of a mean and of a standard deviation over 40,000
    assert abs(noise.mean().item()) < 5 * 0.2 / 200
    assert abs(noise.std().item() - 0.2) < 5 * 0.2 / 200 / 2**0.5


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_clean_image_is_asked_of_the_code_of_a_corrupted_one(corruption):
    objective, batch = DenoisingAutoencoder(corruption, 0.4), images(6)
    model = model_for(objective)
    seen = CORRUPTIONS[corruption](batch.x, 0.4, torch.Generator().manual_seed(0))
    expected = model.log_px(batch.x, model.encode(seen).mean)
    terms = score(objective, batch, model)
    torch.testing.assert_close(terms.log_px, expected)
    torch.testing.assert_close(terms.loss, -expected.mean())
    assert terms.kl is None


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_without_corruption_it_is_the_autoencoder(corruption):
    clean = score(DenoisingAutoencoder(corruption, 0.0), images(6)).loss
    assert clean == score(Autoencoder(), images(6)).loss


def test_the_elbo_without_its_kl_and_without_a_width_is_the_autoencoder():
    batch, vae, plain = images(6), model_for(Elbo()), model_for(Autoencoder())
    plain.load_state_dict(
        {
            # the encoder's last layer gives the means first
            name: value[: plain.state_dict()[name].shape[0]] if value.dim() else value
            for name, value in vae.state_dict().items()
        }
    )
    head = list(vae.encoder.parameters())[-1]
    with torch.no_grad():
        head[2:] = -100.0
    found, expected = score(Elbo(beta=0.0), batch, vae), score(Autoencoder(), batch, plain)
    # the smallest σ is exp(−7), which moves log p(x|z) of 64 pixels by about a thousandth
    torch.testing.assert_close(found.loss, expected.loss, rtol=0, atol=0.02)
