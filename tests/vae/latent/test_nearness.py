"""What counts as far from the encoded images: laws of the rule, and cases whose answer is plain."""

import numpy as np
import pytest

from vae import checkpoint
from vae.checkpoint import Atlas
from vae.files.writing import SHIPPED
from vae.latent.nearness import MOST_IMAGES, SHARE, nearness, ratios


def atlas_of(loc: np.ndarray, scale: float = 0.0) -> Atlas:
    loc = np.asarray(loc, np.float32)
    none = np.full(len(loc), -1)
    return Atlas(loc=loc, scale=np.full_like(loc, scale), label=none, index=np.arange(len(loc)))


def is_far(atlas: Atlas, *places) -> list[bool]:
    found = nearness(atlas)
    return (ratios(found, atlas.loc, np.array(places)) > found.limit).tolist()


def two_clusters(dense: float, sparse: float) -> Atlas:
    """A dense cluster at the origin and a sparse one at (40, 0)."""
    draw = np.random.default_rng(0)
    first = draw.normal(0, dense, (2000, 2))
    return atlas_of(np.concatenate([first, draw.normal(0, sparse, (2000, 2)) + [40, 0]]))


def test_a_hole_beside_dense_images_is_far_and_the_same_gap_among_sparse_ones_is_not() -> None:
    atlas = two_clusters(dense=0.1, sparse=4)
    # 0.8 beyond the dense cluster's last image; 1 from the middle of the sparse one
    assert is_far(atlas, [0, 1.2], [41, 0]) == [True, False]


@pytest.mark.parametrize("unit", [1e-3, 1, 1e3])
def test_the_rule_does_not_depend_on_the_unit_of_z(unit: float) -> None:
    atlas = atlas_of(unit * np.random.default_rng(1).normal(size=(1000, 3)))
    near, far = [0, 0, 0], [6 * unit, 0, 0]
    assert is_far(atlas, near, far) == [False, True]


@pytest.mark.parametrize("z_dim", [1, 2, 20])
def test_new_draws_from_the_posteriors_are_near_but_for_one_in_a_hundred(z_dim: int) -> None:
    draw = np.random.default_rng(z_dim)
    atlas = atlas_of(draw.normal(0, 0.8, (4000, z_dim)), scale=0.6)
    found = nearness(atlas)
    places = atlas.loc + 0.6 * draw.normal(size=atlas.loc.shape)
    far = (ratios(found, atlas.loc, places) > found.limit).mean()
    # own images count here, which makes a few more near; 4,000 draws have a standard error of 0.2 %
    assert far <= 1 - SHARE + 0.006


def test_a_tree_finds_the_same_neighbours_as_looking_at_every_image(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loc = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    atlas = Atlas(loc, np.full_like(loc, 0.1), np.zeros(300, np.int64), np.arange(300))
    by_tree = nearness(atlas)
    monkeypatch.setattr("vae.latent.nearness.FEW_DIMENSIONS", 0)
    looked = nearness(atlas)
    assert by_tree is not None and looked is not None
    assert np.array_equal(by_tree.reach, looked.reach)
    # the k nearest may come in another order, and sums of them differ by a rounding
    assert by_tree.limit == pytest.approx(looked.limit, rel=1e-12)


def test_many_images_are_thinned_evenly() -> None:
    atlas = atlas_of(np.random.default_rng(0).normal(size=(2 * MOST_IMAGES + 1, 2)))
    found = nearness(atlas)
    assert found.stride == 3
    assert len(found.reach) == len(atlas.loc[::3])


@pytest.mark.parametrize("loc", [np.zeros((0, 2)), np.zeros((1, 2)), np.full((5, 2), np.nan)])
def test_of_too_few_images_and_of_none_that_are_numbers_nothing_is_said(loc: np.ndarray) -> None:
    assert nearness(atlas_of(loc)) is None


def test_images_that_all_lie_on_one_place_are_near_only_there() -> None:
    assert is_far(atlas_of(np.ones((50, 2))), [1, 1], [1, 1.01]) == [False, True]


def test_the_shipped_map_is_not_far_where_training_images_lie_and_is_far_in_a_gap() -> None:
    opened = checkpoint.read(SHIPPED / "mnist-2d.safetensors")
    zeros = opened.atlas.loc[opened.atlas.label == 0]
    found = nearness(opened.atlas)
    far = ratios(found, opened.atlas.loc, zeros) > found.limit
    # beyond three standard deviations of the prior lie many of them, and still they were encoded
    assert (np.linalg.norm(zeros, axis=1) > 3).mean() > 0.05
    assert far.mean() < 0.02
    assert not is_far(opened.atlas, [3.02, 1.95])[0]
