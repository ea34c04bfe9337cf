"""DCI, SAP and the scores of β-VAE and FactorVAE on codes whose scores are known."""

import math

import numpy as np
import pytest

from vae import checkpoint
from vae.data import sprites
from vae.errors import UserError
from vae.files.writing import SHIPPED
from vae.measures.disentanglement import (
    Codes,
    beta_vae_halves,
    beta_vae_score,
    dci,
    factor_vae_halves,
    factor_vae_score,
    halves,
    mutual_information_gap,
    sap,
)

FACTORS = len(sprites.FACTORS)


def levels(count: int, seed: int = 0) -> np.ndarray:
    """Draw combinations of the factors of the sprites, as numbers of their levels."""
    rng = np.random.default_rng(seed)
    sizes = [len(sprites.LEVELS[name]) for name in sprites.FACTORS]
    return np.stack([rng.integers(0, size, count) for size in sizes], 1).astype(float)


def standard(factors: np.ndarray) -> np.ndarray:
    sizes = np.array([len(sprites.LEVELS[name]) for name in sprites.FACTORS])
    return (factors - (sizes - 1) / 2) / np.sqrt((sizes**2 - 1) / 12)


def rotated(factors: np.ndarray) -> np.ndarray:
    """Mix all factors into all dimensions by a rotation."""
    turn = np.linalg.qr(np.random.default_rng(5).standard_normal((FACTORS, FACTORS)))[0]
    return standard(factors) @ turn


def noise(factors: np.ndarray) -> np.ndarray:
    return np.random.default_rng(len(factors)).standard_normal((len(factors), 6))


def noisy(factors: np.ndarray) -> np.ndarray:
    """Factors with normal noise of a tenth of their variance, and two dimensions of noise."""
    rng = np.random.default_rng(len(factors))
    around = standard(factors) + math.sqrt(0.1) * rng.standard_normal(factors.shape)
    return np.concatenate([around, rng.standard_normal((len(factors), 2))], axis=1)


def pair(code, count: int = 2000) -> tuple[Codes, Codes]:
    fitted, judged = levels(4000, 1), levels(count, 2)
    return Codes(code(fitted), fitted), Codes(code(judged), judged)


def test_a_code_that_is_the_factors_scores_1():
    fitted, judged = pair(standard)
    found = dci(fitted, judged)
    assert found.disentanglement == pytest.approx(1, abs=0.01)
    assert found.completeness == pytest.approx(1, abs=0.01)
    assert found.informativeness > 0.99
    assert beta_vae_score(fitted, judged).value > 0.99
    assert factor_vae_score(fitted, judged).value > 0.99


def test_the_order_of_dimensions_and_their_sizes_do_not_matter():
    fitted, judged = pair(lambda factors: standard(factors)[:, ::-1] * [3, -1, 2, 1, 5])
    assert dci(fitted, judged).disentanglement == pytest.approx(1, abs=0.01)
    assert factor_vae_score(fitted, judged).value > 0.99


def test_a_rotated_code_tells_as_much_and_is_not_disentangled():
    fitted, judged = pair(rotated)
    found = dci(fitted, judged)
    assert found.informativeness > 0.97
    assert found.disentanglement < 0.5 and found.completeness < 0.5
    assert factor_vae_score(fitted, judged).value < 0.95
    straight = pair(standard)[1]
    assert sap(judged.loc, judged.factors) < 0.5 * sap(straight.loc, straight.factors)


def test_two_dimensions_turned_by_an_eighth_keep_what_the_entropy_of_two_halves_leaves():
    def turned(factors):
        code = standard(factors)
        x, y = code[:, 3].copy(), code[:, 4].copy()
        code[:, 3], code[:, 4] = (x + y) / math.sqrt(2), (x - y) / math.sqrt(2)
        return code

    found = dci(*pair(turned))
    halved = 1 - math.log(2) / math.log(FACTORS)
    assert found.completeness == pytest.approx((3 + 2 * halved) / FACTORS, abs=0.02)
    # the importances of x and y themselves weigh in: between halves and whole ones
    assert halved < found.disentanglement < 1


def test_noise_scores_about_chance():
    fitted, judged = pair(noise)
    found = dci(fitted, judged)
    assert (found.disentanglement, found.completeness) == (0, 0)
    assert found.informativeness == pytest.approx(0, abs=0.03)
    for score in (beta_vae_score, factor_vae_score):
        # 4,000 votes of finitely many images, whose groups differ by chance too
        assert score(fitted, judged).value == pytest.approx(1 / FACTORS, abs=0.05)
    assert sap(judged.loc, judged.factors) < 0.01


@pytest.mark.parametrize("halved", [beta_vae_halves, factor_vae_halves])
def test_two_models_are_judged_by_the_same_draws_of_the_same_halves(halved):
    # a code times −2 is as good, to the last bit: what differed would be other images
    fitted, judged = pair(noise, 200)
    first, second = (
        halved(*(Codes(times * codes.loc, codes.factors) for codes in (fitted, judged)), 0, 100)
        for times in (1, -2)
    )
    assert len(first.values) == 20 and first.stderr > 0
    assert first.minus(second).values.tolist() == [0] * 20


def test_the_error_of_a_difference_of_scores_is_its_spread_over_other_images():
    many, few, found, told = levels(400, 1), 100, [], []
    codes = (noisy, rotated)
    for seed in range(24):
        judged = levels(200, 10 + seed)
        pairs = [(Codes(code(many), many), Codes(code(judged), judged)) for code in codes]
        one, other = (beta_vae_score(*both, seed, few).value for both in pairs)
        again, beside = (beta_vae_halves(*both, seed, few) for both in pairs)
        found.append(one - other)
        told.append(again.minus(beside).stderr)
    # a standard deviation of 24 values is known to 1 / √48; three times that
    assert np.mean(told) == pytest.approx(np.std(found), rel=3 / math.sqrt(48))


def test_too_few_images_to_halve_leave_the_score_without_an_error():
    factors = np.repeat(levels(3, 4), 2, axis=0)
    codes = Codes(standard(factors), factors)
    assert beta_vae_halves(codes, codes).stderr is None


def test_the_informativeness_of_a_noisy_code_is_that_of_the_best_prediction():
    # of a line: 1 / 1.1; levels are known to be few, so that a little more can be had
    assert 1 / 1.1 < dci(*pair(noisy)).informativeness + 0.02 < 1


def test_sap_is_the_gap_between_squared_correlations():
    _, judged = pair(noisy)
    # the other dimensions correlate by chance only
    assert sap(judged.loc, judged.factors) == pytest.approx(1 / 1.1, abs=0.01)


def test_sap_of_a_shape_is_its_accuracy_beyond_chance_whatever_the_order_of_shapes():
    _, judged = pair(standard)
    order = np.array([1.0, 0.0, 2.0])[judged.factors[:, 0].astype(int)]
    loc = np.stack([order, np.random.default_rng(0).standard_normal(len(order))], 1)
    found = sap(loc, judged.factors[:, :1], nominal=[True])
    # three parts of noise guess a little better than one in three
    assert found == pytest.approx(2 / 3, abs=0.03)


@pytest.mark.parametrize("code", [noisy, rotated])
def test_a_part_of_the_images_has_the_scores_of_all(code):
    fitted, whole = pair(code, 4000)
    part, _ = halves(whole)
    assert len(part.loc) == 2000
    of_whole, of_part = dci(fitted, whole), dci(fitted, part)
    for name in ("disentanglement", "completeness", "informativeness"):
        assert getattr(of_part, name) == pytest.approx(getattr(of_whole, name), abs=0.02)
    assert sap(part.loc, part.factors) == pytest.approx(sap(whole.loc, whole.factors), abs=0.02)
    for score in (beta_vae_score, factor_vae_score):
        assert score(fitted, part).value == pytest.approx(score(fitted, whole).value, abs=0.02)


def test_a_factor_that_does_not_vary_is_left_out():
    fitted, judged = pair(standard, 500)
    held = [Codes(codes.loc, codes.factors * [1, 1, 1, 1, 0]) for codes in (fitted, judged)]
    assert dci(*held).importance.shape == (5, 4)
    assert factor_vae_score(*held).value > 0.99
    nothing = [Codes(codes.loc, 0 * codes.factors) for codes in (fitted, judged)]
    for score in (dci, beta_vae_score, factor_vae_score):
        with pytest.raises(UserError, match="none of the factors varies"):
            score(*nothing)


def test_half_of_the_sprites_have_the_scores_of_all():
    atlas = checkpoint.read(SHIPPED / "sprites-tcvae-10d.safetensors").atlas
    factors = sprites._combinations(sprites.FACTORS, 36_000)[30_000:][atlas.index]
    fitted = Codes(atlas.loc[:2000], factors[:2000])

    def scores(rows):
        judged = Codes(atlas.loc[rows], factors[rows])
        found = dci(fitted, judged)
        gap = mutual_information_gap(judged.loc, atlas.scale[rows], judged.factors, sprites.FACTORS)
        return [
            *(found.disentanglement, found.completeness, found.informativeness, gap.mig),
            sap(judged.loc, judged.factors, [True, False, False, False, False]),
            *(score(fitted, judged).value for score in (beta_vae_score, factor_vae_score)),
        ]

    assert scores(slice(2000, 4000)) == pytest.approx(scores(slice(2000, 6000)), abs=0.02)
