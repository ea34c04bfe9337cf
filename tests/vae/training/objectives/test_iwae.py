"""The importance-weighted bound and its two gradients."""

import math

import pytest
import torch

from tests.vae.training.objectives.scoring import (
    copies,
    head_gradient,
    images,
    model_for,
    module_of,
    score,
    standard_error,
)
from vae.models.conditioning.labels import Labels
from vae.runs.estimate import work
from vae.training.objectives import Elbo, Iwae


def log_weights(k: int, count: int) -> torch.Tensor:
    """log w of k draws for each of many copies of an image, (k, count)."""
    model, batch = model_for(Iwae()), copies(count)
    module = module_of(Iwae(k), model)
    qz, pz = model.encode(batch.x), model.pz()
    generator = torch.Generator().manual_seed(0)
    return module.weighted(model, batch, qz, pz, generator).log_w.detach()


def log_mean(log_w: torch.Tensor) -> torch.Tensor:
    return torch.logsumexp(log_w, 0) - math.log(len(log_w))


def test_the_loss_is_the_log_of_the_mean_weight_of_each_image():
    expected = -log_mean(log_weights(6, 50)).mean()
    torch.testing.assert_close(score(Iwae(6), copies(50)).loss, expected)


def test_the_bound_rises_with_k_from_the_elbo_on():
    log_w = log_weights(16, 4000)
    bounds = [log_mean(log_w.view(k, 16 // k, 4000)).mean(0) for k in (1, 4, 16)]
    kl, log_px = score(Elbo(), copies(4000))[2], score(Elbo(), copies(4000)).log_px
    # the same draws in all three, so their differences have little noise
    for low, high in zip(bounds, bounds[1:], strict=False):
        gain = high - low
        assert gain.mean() > 3 * standard_error(gain)
    elbo = (log_px - kl).mean()
    spread = standard_error(bounds[2]) + standard_error(log_px)
    assert bounds[2].mean() - elbo > 3 * spread


@pytest.mark.parametrize("doubly", [False, True])
def test_one_draw_gives_the_elbo(doubly):
    batch, model = images(40), model_for(Iwae())
    with torch.no_grad():
        apart = torch.stack(
            [
                score(Iwae(1, doubly), batch, model, seed).loss
                - score(Elbo(), batch, model, seed).loss
                for seed in range(80)
            ]
        )
    # the same draws: one estimates the KL from them, the other has its formula
    assert apart.mean().abs() < 3 * standard_error(apart)
    assert standard_error(apart) < 0.05


def test_the_doubly_reparameterized_gradient_of_the_encoder_has_the_mean_of_the_plain_one():
    model, batch = model_for(Iwae()), copies(20_000)
    plain = head_gradient(Iwae(4), batch, model)
    doubly = head_gradient(Iwae(4, doubly_reparameterized=True), batch, model)
    apart = doubly - plain
    assert bool((apart.mean(0).abs() < 3 * standard_error(apart)).all())
    # and the mean is far enough from 0 to tell
    assert bool((plain.mean(0).abs() > 10 * standard_error(apart)).any())


def test_the_doubly_reparameterized_gradient_of_the_encoder_has_less_variance():
    model, batch = model_for(Iwae()), copies(4000)
    plain = head_gradient(Iwae(16), batch, model)
    doubly = head_gradient(Iwae(16, doubly_reparameterized=True), batch, model)
    assert doubly.var(0).sum() < 0.5 * plain.var(0).sum()


def test_both_gradients_of_decoder_and_value_are_the_same():
    batch, found = images(6), []
    for doubly in (False, True):
        model = model_for(Iwae())
        loss = score(Iwae(5, doubly), batch, model).loss
        loss.backward()
        found.append([loss, *(p.grad for p in model.decoder.parameters())])
    for plain, doubly in zip(*found, strict=True):
        # log q from z in place of the noise: float32 rounds it otherwise
        torch.testing.assert_close(plain, doubly, rtol=1e-3, atol=1e-4)


def test_each_draw_is_decoded_beside_the_label_of_its_own_image():
    model = model_for(Iwae(), conditioning=Labels(classes=3))
    batch = images(6)._replace(y=torch.tensor([0, 1, 2, 0, 1, 2]))
    qz, pz = model.encode(batch.x, batch.y), model.pz(batch.y)
    generator = torch.Generator().manual_seed(0)
    found = module_of(Iwae(3), model).weighted(model, batch, qz, pz, generator)
    for z, log_px in zip(found.z, found.log_px, strict=True):
        torch.testing.assert_close(log_px, model.log_px(batch.x, z, batch.y))


def test_reports_tell_the_elbo_at_one_draw():
    model, batch = model_for(Iwae()), images(6)
    looked = module_of(Iwae(5), model).score(model, batch, 6, torch.Generator().manual_seed(0))
    elbo = score(Elbo(), batch, model)
    assert torch.equal(looked.log_px, elbo.log_px)
    assert torch.equal(looked.kl_per_dim, elbo.kl_per_dim)


def test_a_step_is_estimated_by_the_k_images_that_it_decodes():
    model = model_for(Iwae()).config
    layers = work(model, Iwae(1).decodes).multiply_adds, work(model, Iwae(9).decodes).multiply_adds
    # a decoder of the tiny model: 2 × 16 and 16 × 64, and what its Fourier features add
    decoder = work(model, 2).multiply_adds - work(model, 1).multiply_adds
    assert layers[1] - layers[0] == 8 * decoder
