"""Importance sampling: scores of many draws, and work that goes on where it was ended."""

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Independent

from tests import linear_gaussian
from tests.linear_gaussian import images_of, linear_model, set_true_posterior
from vae.data import Split
from vae.measures.bound import importance_weighted_log_px
from vae.measures.kept import Kept
from vae.measures.registry import ImportanceSampling, Subject
from vae.measures.scores import log_px_of_draws
from vae.models.conditioning import InferredLabels
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build

SHAPE = (1, 8, 8)


def bernoulli(logits: torch.Tensor) -> Independent:
    return Independent(Bernoulli(logits=logits, validate_args=False), 3)


@pytest.mark.parametrize("size", [1.0, 30.0, 300.0])
@pytest.mark.parametrize("grey", [False, True])
def test_scores_of_draws_are_those_of_torch_in_float64(size, grey):
    generator = torch.Generator().manual_seed(0)
    logits = size * torch.randn(12, 1, 28, 28, generator=generator)
    x = torch.rand(3, 1, 28, 28, generator=generator)
    x = x if grey else x.round()
    found = log_px_of_draws(bernoulli(logits.clone()), x, 4)
    expected = bernoulli(logits.double()).log_prob(x.double().repeat_interleave(4, 0))
    # float32 sums of 784 terms
    np.testing.assert_allclose(found.ravel(), expected, rtol=2e-6)


def test_the_measure_has_the_closed_form_within_its_standard_error():
    model = linear_model(0.3 * torch.randn(64, 3, generator=torch.Generator().manual_seed(2)))
    set_true_posterior(model)
    images = images_of(model, 10)
    measure = ImportanceSampling(samples=50)
    subject = Subject(model, Split(images), dequantize=False)
    assert "--dequantize" in (measure.refusal(subject) or "")
    found = importance_weighted_log_px(model, images, 50)
    # with q the true posterior every weight is p(x) itself; 64 pixels in float32
    np.testing.assert_allclose(found, linear_gaussian.log_px(model, images), atol=2e-3)


def inked(model: VAE, count: int = 6) -> Subject:
    rng = np.random.default_rng(0)
    return Subject(model, Split(255 * rng.integers(0, 2, (count, *SHAPE), dtype=np.uint8)))


def test_the_standard_error_is_that_of_the_images():
    subject = inked(build(VAEConfig(SHAPE, 2, MLP(hidden=(8,)))), 40)
    (nll,) = ImportanceSampling(samples=10)(subject).estimates.values()
    values = -importance_weighted_log_px(subject.model, subject.split.images, 10)
    assert nll.value == pytest.approx(values.mean())
    assert nll.stderr == pytest.approx(values.std(ddof=1) / np.sqrt(40))


@pytest.mark.parametrize("infers", [False, True])
def test_work_that_goes_on_ends_with_the_same_bits(infers):
    told = {"conditioning": InferredLabels(classes=2, hidden=(4,))} if infers else {}
    subject = inked(build(VAEConfig(SHAPE, 2, MLP(hidden=(8,)), **told)))
    # so many that a batch is one image
    arguments = (subject.model, subject.split.images, 50_000)
    whole = importance_weighted_log_px(*arguments)
    copies: list[dict[str, np.ndarray]] = []
    importance_weighted_log_px(
        *arguments, kept=Kept(changed=lambda kept: copies.append(kept.to_arrays()))
    )
    assert len(copies) == 6 * (2 if infers else 1)
    for copy in copies[1::2]:
        counted: list[int] = []
        rest = Kept.from_arrays(copy)
        found = importance_weighted_log_px(*arguments, count=counted.append, kept=rest)
        np.testing.assert_array_equal(found, whole)
        assert sum(counted) == 6 * 50_000
