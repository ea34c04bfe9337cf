"""Laws of clusterings and of their agreement with classes."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from vae.errors import UserError
from vae.latent import clusters
from vae.options import validate

CENTRES = np.array([[5.0, 0, 0], [-5, 0, 1], [0, 6, 0]])

TWO_PLACES = np.repeat([[1.0, 1.0], [3.0, 1.0]], 10, axis=0)


@pytest.fixture
def blobs() -> tuple[np.ndarray, np.ndarray]:
    """Three far groups of 100 points each, and their labels."""
    rng = np.random.default_rng(0)
    label = np.repeat([0, 1, 2], 100)
    return (CENTRES[label] + rng.normal(size=(300, 3)) * 0.5).astype(np.float32), label


@pytest.mark.parametrize("method", clusters.CLUSTERINGS)
def test_every_clustering_finds_groups_that_lie_apart(method, blobs):
    loc, label = blobs
    found = clusters.CLUSTERINGS[method](k=3).fit(loc)
    assert clusters.agreement(label, found.label).ari == 1
    # standard errors of a mean are 0.05
    nearest = np.abs(found.centres[:, None] - CENTRES).max(axis=2).min(axis=1)
    assert nearest.max() < 0.25
    for covariance in found.covariances:
        np.testing.assert_allclose(covariance, 0.25 * np.eye(3), atol=0.15)


@pytest.mark.parametrize("method", clusters.CLUSTERINGS)
def test_the_same_seed_gives_the_same_groups(method, blobs):
    fits = [clusters.CLUSTERINGS[method](k=5, seed=3).fit(blobs[0]) for _ in range(2)]
    np.testing.assert_array_equal(fits[0].label, fits[1].label)


@pytest.mark.parametrize("covariance", clusters.COVARIANCES)
def test_a_mixture_of_any_shape_gives_full_positive_covariances(covariance, blobs):
    found = clusters.Mixture(k=3, covariance=covariance).fit(blobs[0])
    assert found.covariances.shape == (3, 3, 3)
    np.testing.assert_allclose(found.covariances, np.swapaxes(found.covariances, 1, 2))
    assert (np.linalg.eigvalsh(found.covariances) > 0).all()


@pytest.mark.parametrize(
    ("covariance", "of"),
    [
        ("full", lambda whole: whole),
        ("tied", lambda whole: whole),
        ("diag", lambda whole: np.diag(np.diag(whole))),
        ("spherical", lambda whole: np.diag(whole).mean() * np.eye(len(whole))),
    ],
)
def test_one_gaussian_is_the_mean_and_covariance_of_the_points(covariance, of, blobs):
    found = clusters.Mixture(k=1, covariance=covariance).fit(blobs[0])
    loc = blobs[0].astype(np.float64)
    np.testing.assert_allclose(found.centres[0], loc.mean(axis=0))
    # scikit-learn adds 1e-6 to the diagonal
    np.testing.assert_allclose(found.covariances[0], of(np.cov(loc.T, bias=True)), atol=2e-6)


def test_the_bic_of_one_gaussian_is_its_closed_form(blobs):
    loc = blobs[0].astype(np.float64)
    n, d = loc.shape
    _, log_det = np.linalg.slogdet(np.cov(loc.T, bias=True))
    log_likelihood = -0.5 * n * (d * np.log(2 * np.pi) + log_det + d)
    parameters = d + d * (d + 1) / 2
    expected = -2 * log_likelihood + parameters * np.log(n)
    assert clusters.Mixture(k=1).fit(loc).bic == pytest.approx(expected, rel=1e-6)


def test_kmeans_has_no_likelihood_and_so_no_bic(blobs):
    assert clusters.KMeans(k=3).fit(blobs[0]).bic is None


def test_agreement_is_scikit_learns_on_the_labelled_images():
    rng = np.random.default_rng(1)
    true, predicted = rng.integers(-1, 4, 200), rng.integers(0, 4, 200)
    known = true >= 0
    found = clusters.agreement(true, predicted)
    assert found.count == known.sum()
    assert found.ari == pytest.approx(adjusted_rand_score(true[known], predicted[known]))
    assert found.nmi == pytest.approx(normalized_mutual_info_score(true[known], predicted[known]))


def test_agreement_does_not_depend_on_what_groups_are_called():
    rng = np.random.default_rng(2)
    true, predicted = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    renamed = np.array([2, 0, 3, 1])[predicted]
    before, after = (clusters.agreement(true, label) for label in (predicted, renamed))
    assert after.ari == pytest.approx(before.ari, abs=1e-12)
    assert after.nmi == pytest.approx(before.nmi, abs=1e-12)


def test_agreement_without_any_label_is_none():
    assert clusters.agreement(np.full(5, -1), np.zeros(5)) is None


def test_the_bic_curve_is_lowest_at_the_number_of_groups(blobs):
    curve = list(clusters.bic_curve(blobs[0], range(1, 6)))
    assert [point.k for point in curve] == [1, 2, 3, 4, 5]
    assert min(curve, key=lambda point: point.bic).k == 3


def test_the_bic_curve_comes_one_at_a_time_on_a_stated_number_of_points(blobs):
    curve = clusters.bic_curve(blobs[0], iter([2, 3]), count=60)
    assert next(curve).count == 60
    assert next(curve).k == 3


def test_more_groups_than_points_are_refused():
    with pytest.raises(UserError, match="10 groups need as many encoded images, not 3"):
        clusters.KMeans(k=10).fit(np.zeros((3, 2)))


def test_an_unknown_covariance_is_refused():
    with pytest.raises(UserError, match="'round'; choose from full, diag"):
        validate(clusters.Mixture(covariance="round"))


@pytest.mark.parametrize("method", clusters.CLUSTERINGS)
def test_points_on_two_places_are_fitted_and_warn_nobody(method):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = clusters.CLUSTERINGS[method](k=4).fit(TWO_PLACES)
    assert np.isfinite(found.centres).all()
    assert np.isfinite(found.covariances).all()


@pytest.mark.parametrize("method", clusters.CLUSTERINGS)
def test_nearly_equal_codes_have_no_groups(method):
    codes = np.random.default_rng(0).normal(scale=0.05, size=(60, 3))
    with pytest.raises(UserError, match="latent space has collapsed"):
        clusters.CLUSTERINGS[method](k=4).fit(codes)
    with pytest.raises(UserError, match="latent space has collapsed"):
        next(clusters.bic_curve(codes, [2]))


def test_empty_groups_are_told():
    assert clusters.KMeans(k=4).fit(TWO_PLACES).note.startswith("2 of 4 groups are empty")


def test_a_fit_that_does_not_converge_is_told(monkeypatch, blobs):
    monkeypatch.setattr(clusters, "STEPS", 1)
    assert clusters.Mixture(k=5).fit(blobs[0]).note == "stopped after 1 steps, before it converged"
