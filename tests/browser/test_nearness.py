"""The nearest images and what is far, in a real browser, against numpy."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.map_page import blank_page, cloud
from vae.latent.encoded import nearest
from vae.latent.nearness import nearness, ratios

FIND = """([points, z, count, stride]) => {
  points.loc = Float32Array.from(points.loc);
  const { rows, distances } = map.nearestImages(points, z, count, stride);
  return { rows: [...rows], distances: [...distances], far: map.howFar(points, z) };
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    page = blank_page(browser, "core/nearness.js")
    yield page
    page.close()


def find(tab: Page, atlas, near, z: np.ndarray, count: int, stride: int = 1) -> dict:
    points = {"count": len(atlas.loc), "zDim": atlas.loc.shape[1], "near": None}
    points["loc"] = atlas.loc.ravel().tolist()
    if near is not None:
        numbers = {"neighbours": near.neighbours, "stride": near.stride, "limit": near.limit}
        points["near"] = numbers | {"reach": near.reach.tolist()}
    return tab.evaluate(FIND, [points, z.tolist(), count, stride])


@pytest.mark.parametrize(("count", "z_dim"), [(1, 2), (9, 1), (500, 2), (500, 20)])
def test_the_nearest_images_are_those_of_numpy(tab: Page, count: int, z_dim: int) -> None:
    atlas, z = cloud(count, z_dim), np.linspace(-0.5, 0.7, z_dim)
    rows, distances = nearest(atlas.loc, z, 15)
    found = find(tab, atlas, None, z, 15)
    assert found["rows"] == rows.tolist()
    np.testing.assert_allclose(found["distances"], distances, rtol=1e-12)
    assert found["far"] is None


@pytest.mark.parametrize("z_dim", [1, 2, 20])
def test_far_is_judged_as_in_python(tab: Page, z_dim: int) -> None:
    atlas = cloud(600, z_dim)
    near = nearness(atlas)
    places = np.random.default_rng(3).normal(0, 2.5, (40, z_dim))
    expected = ratios(near, atlas.loc, places)
    for z, ratio in zip(places, expected, strict=True):
        far = find(tab, atlas, near, z, 15)["far"]
        # both compute in float64
        assert far["distance"] / far["around"] == pytest.approx(ratio, rel=1e-9)
        assert far["far"] == (ratio > near.limit)
    assert 0 < (expected > near.limit).sum() < len(places)


def test_a_thinned_atlas_is_looked_at_in_its_own_steps(tab: Page) -> None:
    atlas, z = cloud(500), np.zeros(2)
    rows, distances = nearest(atlas.loc[::7], z, 5)
    found = find(tab, atlas, None, z, 5, 7)
    assert found["rows"] == (7 * rows).tolist()
    np.testing.assert_allclose(found["distances"], distances, rtol=1e-12)
