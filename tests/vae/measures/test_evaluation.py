"""Evaluation against closed forms, Monte Carlo and `torch.distributions`."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import (
    Categorical,
    MixtureSameFamily,
    MultivariateNormal,
    Normal,
    kl_divergence,
)

from vae.data import Split
from vae.errors import UserError
from vae.measures.bound import bound_terms, importance_weighted_log_px
from vae.measures.evaluation import active_units, binarized, encode_split, evaluate, knn_accuracy
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS, Gaussian
from vae.models.networks import MLP
from vae.models.priors.standard_normal import StandardNormalPrior
from vae.models.vae import VAE, build

SHAPE = (1, 8, 8)
CONFIG = VAEConfig(SHAPE, z_dim=3, architecture=MLP(hidden=(16,)))
SCALE = 0.3


def grey(count: int, shape: tuple[int, ...] = SHAPE, seed: int = 0) -> Split:
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
    return Split(images, rng.integers(0, 4, count))


def inked(count: int) -> Split:
    split = grey(count)
    return replace(split, images=binarized(split.images, "fixed"))


def pixels(split: Split) -> torch.Tensor:
    return torch.from_numpy(split.images).double() / 255


@pytest.fixture
def model() -> VAE:
    return build(CONFIG, seed=0).double()


def linear_gaussian(split: Split, exact: bool) -> tuple[VAE, np.ndarray]:
    """Make p(x) = N(b, W Wᵀ + σ² I) as a model, and log p(x) of a split in closed form.

    W has orthogonal columns, so that the true posterior factorises and ``exact`` can give it to
    the encoder; else the encoder's means are off and its scales too wide.
    """
    z_dim, generator = 3, torch.Generator().manual_seed(1)
    config = replace(CONFIG, likelihood=Gaussian(scale=SCALE, link="identity"))
    model = build(config)
    model.encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 2 * z_dim))
    model.decoder = nn.Sequential(nn.Linear(z_dim, 64), nn.Unflatten(1, SHAPE))
    model.double()
    basis, _ = torch.linalg.qr(torch.randn(64, z_dim, generator=generator).double())
    weight, bias = basis * torch.tensor([0.5, 1.0, 2.0]), torch.full((64,), 0.5).double()
    variance = 1 / (1 + weight.square().sum(0) / SCALE**2)
    gain = variance[:, None] * weight.T / SCALE**2
    shift, stretch = (0.0, 1.0) if exact else (0.2, 1.5)
    with torch.no_grad():
        model.decoder[0].weight.copy_(weight)
        model.decoder[0].bias.copy_(bias)
        model.encoder[1].weight.copy_(torch.cat([gain, torch.zeros_like(gain)]))
        log_scale = (stretch * variance.sqrt()).log()
        model.encoder[1].bias.copy_(torch.cat([shift * variance.sqrt() - gain @ bias, log_scale]))
    px = MultivariateNormal(bias, weight @ weight.T + SCALE**2 * torch.eye(64).double())
    return model, px.log_prob(pixels(split).flatten(1)).numpy()


def test_kl_is_that_of_torch_distributions(model):
    split = grey(50)
    with torch.no_grad():
        qz, pz = model.encode(pixels(split)), model.prior()
        expected = kl_divergence(qz.base_dist, pz.base_dist)
    result = evaluate(model, split)
    np.testing.assert_allclose(result.kl_per_dim, expected.mean(0), rtol=1e-10)
    assert result.kl == pytest.approx(expected.sum(1).mean().item(), rel=1e-10)


def test_kl_agrees_with_monte_carlo(model, generator):
    split = grey(1)
    with torch.no_grad():
        qz, count = model.encode(pixels(split)), 200_000
        z = qz.loc + qz.scale * torch.randn(count, 3, generator=generator).double()
        gaps = qz.log_prob(z) - Normal(0.0, 1.0).log_prob(z).sum(1)
    error = gaps.std().item() / math.sqrt(count)
    assert abs(evaluate(model, split).kl - gaps.mean().item()) < 5 * error


def test_elbo_is_reconstruction_minus_kl_and_kl_sums_over_dimensions(model):
    result = evaluate(model, grey(40))
    assert result.elbo == result.reconstruction - result.kl
    assert sum(result.kl_per_dim) == pytest.approx(result.kl, rel=1e-12)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_reconstruction_is_log_px_of_torch_distributions(likelihood):
    # a point has no noise, so that there is one right answer
    config = replace(CONFIG, likelihood=LIKELIHOODS[likelihood](), posterior="point")
    model, split = build(config).double(), grey(20)
    with torch.no_grad():
        x = pixels(split)
        expected = model.decode(model.encode(x).loc).log_prob(x)
    np.testing.assert_allclose(bound_terms(model, split.images).log_px, expected, rtol=1e-9)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_float32_agrees_with_float64(likelihood):
    model, split = build(replace(CONFIG, likelihood=LIKELIHOODS[likelihood]())), grey(20)
    single = evaluate(model, split, importance_samples=5)
    double = evaluate(model.double(), split, importance_samples=5)
    # sums of 64 terms of order 1 to 100 with 24 bits each
    assert single.elbo == pytest.approx(double.elbo, rel=1e-5)
    if single.nll is not None:
        assert single.nll == pytest.approx(double.nll, rel=1e-5)


def test_a_seed_gives_the_same_numbers_again_and_another_seed_others(model):
    split = grey(30)
    first = evaluate(model, split, seed=1)
    assert evaluate(model, split, seed=1) == first
    assert evaluate(model, split, seed=2).reconstruction != first.reconstruction


def test_evaluating_leaves_the_global_generator_alone(model):
    before = torch.get_rng_state()
    evaluate(model, inked(10), importance_samples=3, binarize="stochastic")
    assert torch.equal(torch.get_rng_state(), before)


def test_bits_per_dim_are_those_of_the_bound(model):
    result = evaluate(model, inked(10))
    assert result.bits_per_dim == pytest.approx(-result.elbo / (64 * math.log(2)))


def test_bits_per_dim_count_every_channel():
    coloured = grey(10, (3, 8, 8))
    split = replace(coloured, images=binarized(coloured.images, "fixed"))
    result = evaluate(build(replace(CONFIG, image_shape=(3, 8, 8))), split)
    assert result.bits_per_dim == pytest.approx(-result.elbo / (3 * 64 * math.log(2)))


def test_with_the_true_posterior_one_sample_gives_the_closed_form():
    split = grey(20)
    model, log_px = linear_gaussian(split, exact=True)
    estimate = importance_weighted_log_px(model, split.images, samples=1)
    # the model holds the logarithm of its scale in float32
    np.testing.assert_allclose(estimate, log_px, rtol=1e-5)


def test_with_a_wrong_posterior_the_bound_rises_with_k_to_the_closed_form():
    split = grey(300)
    model, log_px = linear_gaussian(split, exact=False)
    bounds = {
        k: importance_weighted_log_px(model, split.images, k).mean() for k in (1, 5, 50, 2000)
    }
    assert list(bounds.values()) == sorted(bounds.values())
    assert bounds[50] - bounds[1] > 0.1
    # the gap falls as 1/k: var(w) / 2k, with a variance of a few here
    assert bounds[2000] == pytest.approx(log_px.mean(), abs=0.01)


def test_one_importance_sample_is_in_expectation_the_elbo(model):
    split = inked(2000)
    nll = importance_weighted_log_px(model, split.images, 1)
    result = evaluate(model, split)
    error = nll.std() / math.sqrt(len(nll))
    assert abs(nll.mean() - result.elbo) < 5 * error


@pytest.mark.parametrize("samples", [3, 8, 9, 50])
def test_samples_that_do_not_fit_a_block_are_all_counted(samples, monkeypatch):
    # with the true posterior every weight is p(x), so that any miscount would show
    split = grey(7)
    model, log_px = linear_gaussian(split, exact=True)
    monkeypatch.setattr("vae.measures.bound.BLOCK", 64 * 8)
    estimate = importance_weighted_log_px(model, split.images, samples)
    np.testing.assert_allclose(estimate, log_px, rtol=1e-5)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_the_weights_are_px_times_pz_over_qz(likelihood):
    model = build(replace(CONFIG, likelihood=LIKELIHOODS[likelihood]())).double()
    split, samples = inked(2), 4
    with torch.no_grad():
        x, noise = pixels(split), torch.Generator().manual_seed(0)
        qz, pz = model.encode(x), model.prior()
        eps = torch.randn(2, samples, 3, generator=noise)
        z = qz.loc[:, None] + qz.scale[:, None] * eps
        log_qz = Normal(qz.loc[:, None], qz.scale[:, None]).log_prob(z).sum(-1)
        log_px = torch.stack([model.decode(z[:, i]).log_prob(x) for i in range(samples)], dim=1)
        log_w = log_px + pz.log_prob(z) - log_qz
        expected = log_w.logsumexp(1) - math.log(samples)
    estimate = importance_weighted_log_px(model, split.images, samples)
    np.testing.assert_allclose(estimate, expected, rtol=1e-9)


def test_nll_and_its_standard_error_are_over_images(model):
    split = inked(25)
    values = -importance_weighted_log_px(model, split.images, 10)
    result = evaluate(model, split, importance_samples=10)
    assert result.nll == pytest.approx(values.mean())
    assert result.nll_stderr == pytest.approx(values.std(ddof=1) / 5)


def test_grey_pixels_under_a_bernoulli_have_neither_nll_nor_bits(model):
    result = evaluate(model, grey(10), importance_samples=5).to_json()
    assert result["nll"] is None
    assert result["bits_per_dim"] is None
    assert "grey pixels" in result["note"]


def test_an_autoencoder_has_no_kl(model):
    split = inked(10)
    point = build(replace(CONFIG, posterior="point"))
    result = evaluate(point, split, importance_samples=5).to_json()
    for key in ("elbo", "kl", "kl_per_dim", "bits_per_dim", "nll"):
        assert result[key] is None
    assert "one point, without a posterior density" in result["note"]
    with torch.no_grad():
        x = pixels(split).float()
        expected = point.decode(point.encode(x).loc).log_prob(x).mean().item()
    assert result["reconstruction"] == pytest.approx(expected, rel=1e-5)


def test_a_density_of_grey_pixels_has_neither_nll_nor_bits():
    model = build(replace(CONFIG, likelihood=Gaussian()))
    result = evaluate(model, grey(10), importance_samples=5)
    assert math.isfinite(result.elbo)
    assert result.nll is result.bits_per_dim is None
    assert "density" in result.note and "--dequantize" in result.note


def test_the_result_is_plain_json(model):
    result = evaluate(model, inked(10), importance_samples=2, split_name="validation").to_json()
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert result["split"] == "validation"
    assert result["n_images"] == 10
    assert result["note"] is None


def test_nll_is_left_out_where_it_was_not_asked_for(model):
    assert "nll" not in evaluate(model, inked(10)).to_json()


@pytest.mark.parametrize("work", [evaluate, encode_split])
def test_images_of_another_shape_are_refused(model, work):
    with pytest.raises(UserError, match=r"\(1, 8, 8\).*these are \(1, 9, 8\)"):
        work(model, grey(3, (1, 9, 8)))


def test_an_empty_split_is_refused(model):
    with pytest.raises(UserError, match="no images"):
        evaluate(model, grey(0))


@pytest.mark.parametrize("samples", [-1, 100_001])
def test_a_number_of_samples_out_of_range_is_refused(model, samples):
    with pytest.raises(UserError, match=f"not {samples}"):
        evaluate(model, grey(3), importance_samples=samples)


def test_an_unknown_binarization_is_refused(model):
    with pytest.raises(UserError, match="'hard'; choose from none, stochastic, fixed"):
        evaluate(model, grey(3), binarize="hard")


def test_numbers_that_are_not_finite_are_an_error_and_never_a_result(model):
    with torch.no_grad():
        model.decoder[-2].bias.fill_(math.nan)
    with pytest.raises(UserError, match="not finite"):
        evaluate(model, grey(3))


def test_binarized_pixels_are_black_or_white_with_their_grey_value_as_probability():
    images = np.repeat(np.arange(256, dtype=np.uint8), 4000).reshape(-1, 1, 8, 8)
    drawn = binarized(images, "stochastic")
    assert set(np.unique(drawn)) == {0, 255}
    shares = (drawn.reshape(256, 4000) == 255).mean(1)
    # five standard errors of a share over 4,000 pixels, at most 5 * 0.5 / sqrt(4000)
    np.testing.assert_allclose(shares, np.arange(256) / 255, atol=0.04)
    assert shares[0] == 0
    assert shares[255] == 1


@pytest.mark.parametrize("how", ["stochastic", "fixed"])
def test_a_pixel_is_drawn_alike_whatever_follows_it(how):
    images = grey(1200).images
    np.testing.assert_array_equal(binarized(images, how)[:700], binarized(images[:700], how))


def test_only_the_stochastic_draw_depends_on_the_seed():
    images = grey(5).images
    assert (binarized(images, "stochastic", 1) != binarized(images, "stochastic", 2)).any()
    np.testing.assert_array_equal(binarized(images, "fixed", 1), binarized(images, "fixed", 2))
    assert (binarized(images, "fixed", 0) != binarized(images, "stochastic", 0)).any()


def test_the_fixed_draw_says_that_it_is_our_own(model):
    assert "own" in evaluate(model, grey(3), binarize="fixed").note


def test_a_split_is_encoded_in_order_with_its_labels(model):
    split = grey(1100)
    atlas = encode_split(model, split)
    with torch.no_grad():
        qz = model.encode(pixels(split))
    # from float64 to float32
    np.testing.assert_allclose(atlas.loc, qz.loc, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(atlas.scale, qz.scale, rtol=1e-6)
    np.testing.assert_array_equal(atlas.label, split.labels)
    np.testing.assert_array_equal(atlas.index, np.arange(1100))
    assert (atlas.loc.dtype, atlas.label.dtype) == (np.float32, np.int64)


def test_images_without_labels_are_encoded_with_label_minus_one(model):
    assert set(encode_split(model, replace(grey(4), labels=None)).label) == {-1}


def test_active_units_are_those_whose_means_vary_by_more_than_a_hundredth():
    loc = np.random.default_rng(0).normal(size=(5000, 3)) * np.sqrt([0.009, 0.011, 4.0])
    assert active_units(loc + [100, 0, -3]) == 2


def test_knn_accuracy_is_that_of_a_search_through_all_pairs():
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(200, 3)), rng.normal(size=(90, 3))
    train_label, test_label = rng.integers(0, 4, 200), rng.integers(0, 4, 90)
    nearest = np.square(test[:, None] - train).sum(-1).argsort(1)[:, :15]
    votes = [np.bincount(train_label[rows], minlength=4).argmax() for rows in nearest]
    expected = (np.array(votes) == test_label).mean()
    assert knn_accuracy(train, train_label, test, test_label) == expected


def test_knn_of_the_training_codes_themselves_is_right_with_one_neighbour():
    codes, label = np.random.default_rng(0).normal(size=(50, 2)), np.arange(50) % 7
    assert knn_accuracy(codes, label, codes, label, k=1) == 1.0


@pytest.mark.parametrize("k", [0, 51])
def test_more_neighbours_than_codes_are_refused(k):
    codes, label = np.zeros((50, 2)), np.zeros(50, dtype=int)
    with pytest.raises(UserError, match=f"not {k}"):
        knn_accuracy(codes, label, codes, label, k=k)


class OneComponent(StandardNormalPrior):
    """The standard normal as a mixture, of which torch knows no KL."""

    def distribution(self, y=None):
        pz = super().distribution(y).expand((1,))
        return MixtureSameFamily(Categorical(torch.ones(1).double()), pz)


def test_a_prior_that_does_not_factorise_has_an_estimated_kl_and_none_a_dimension(model):
    split = inked(2000)
    analytic = evaluate(model, split, importance_samples=2)
    model.prior = OneComponent(3).double()
    estimated = evaluate(model, split, importance_samples=2)
    assert estimated.kl_per_dim is None
    assert "does not factorise" in estimated.note
    # five standard errors at a standard deviation of about one nat
    assert estimated.kl == pytest.approx(analytic.kl, abs=0.1)
    assert estimated.nll == pytest.approx(analytic.nll, rel=1e-12)
