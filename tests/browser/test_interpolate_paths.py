"""The browser's paths against vae.latent.paths, on the same numbers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from tests.browser import scripts
from vae.latent import paths as latent
from vae.models.priors.prior import Components, standard_components

# Both sides compute in float64; near opposite ends sin(angle) is 1e-6, which leaves ten digits.
TOLERANCE = 1e-9
SCRIPTS = (
    "core/paths.js",
    "interpolate/ends.js",
    "interpolate/marks.js",
    "interpolate/address.js",
    "interpolate/map.js",
    "pictures/file.js",
    "plane/plane.js",
    "core/typical.js",
)
TIMES = [-0.5, -0.25, 0.0, 0.1, 0.5, 0.75, 1.0, 1.3, 1.5]
RANDOM = np.random.default_rng(0).normal(size=(8, 20))
NEARLY_OPPOSITE = [[1.0, 2.0, -1.0], [-1.0, -2.0, 1.0 + 1e-4]]
PAIRS = {
    "typical": RANDOM[:2],
    "many dimensions": np.random.default_rng(1).normal(size=(2, 128)),
    "different norms": RANDOM[2:4] * [[0.1], [5.0]],
    "a zero": [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]],
    "b zero": [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]],
    "both zero": [[0.0, 0.0], [0.0, 0.0]],
    "the same": [[1.0, -2.0], [1.0, -2.0]],
    "parallel": [[1.0, 2.0], [2.0, 4.0]],
    "opposite": [[1.0, 2.0, -1.0], [-2.0, -4.0, 2.0]],
    "opposite on an axis": [[0.0, 3.0], [0.0, -1.0]],
    "nearly opposite": NEARLY_OPPOSITE,
    "one dimension": [[2.0], [-1.0]],
    "one dimension, one side": [[0.5], [3.0]],
}

FOLLOW = """([name, a, b, ts]) => {
  const [from, to] = [new Float64Array(a), new Float64Array(b)];
  return ts.map((t) => [...map.PATHS[name](from, to, t)]);
}"""
ACROSS = """([a, b, zDim, ts]) => {
  const [from, to] = [new Float64Array(a), new Float64Array(b)];
  const { u, v } = map.planeThrough({ z_dim: zDim }, from, to);
  const dot = (x, y) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const rest = (z) => {
    const [x, y] = [dot(z, u), dot(z, v)];
    return Math.hypot(...z.map((value, i) => value - x * u[i] - y * v[i]));
  };
  const zs = ts.flatMap((t) => [map.lerp(from, to, t), map.slerp(from, to, t)]);
  const frame = [dot(u, u), dot(v, v), dot(u, v)];
  return { frame, rests: zs.map(rest), rise: dot(to, u) - dot(from, u) };
}"""


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """A blank page that has `map`, the module of the paths and their map."""
    page = browser.new_page()
    scripts.load(page, "map", *SCRIPTS)
    yield page
    page.close()


def plain(pair: Any) -> list[list[float]]:
    return np.asarray(pair, np.float64).tolist()


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", latent.PATHS)
def test_a_path_is_the_same_as_in_python(script: Page, name: str, pair: str) -> None:
    a, b = plain(PAIRS[pair])
    found = script.evaluate(FOLLOW, [name, a, b, TIMES])
    expected = latent.PATHS[name](np.array(a), np.array(b), np.array(TIMES))
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("name", latent.PATHS)
def test_the_ends_are_exact(script: Page, name: str) -> None:
    for pair in PAIRS.values():
        a, b = plain(pair)
        assert script.evaluate(FOLLOW, [name, a, b, [0, 1]]) == [a, b]


@pytest.mark.parametrize(("steps", "overshoot"), [(2, 0.0), (11, 0.0), (24, 0.5), (64, 0.1)])
def test_the_times_are_even_and_the_same_as_in_python(
    script: Page, steps: int, overshoot: float
) -> None:
    found = script.evaluate("([n, o]) => map.timesOf(n, o)", [steps, overshoot])
    expected = np.linspace(-overshoot, 1 + overshoot, steps)
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


def test_the_density_of_the_prior_is_the_same_as_in_python(script: Page) -> None:
    rng, z_dim = np.random.default_rng(4), RANDOM.shape[1]
    mixture = Components(
        np.array([0.2, 0.8]), rng.normal(size=(2, z_dim)), rng.uniform(0.5, 2, size=(2, z_dim))
    )
    compute = "([prior, zs]) => zs.map((z) => map.logPrior(prior, z))"
    standard = standard_components(z_dim).to_json()
    found = script.evaluate(compute, [standard, RANDOM.tolist()])
    np.testing.assert_allclose(found, latent.log_prior(RANDOM), rtol=1e-12)
    parts = Independent(Normal(*map(torch.from_numpy, (mixture.loc, mixture.scale))), 1)
    pz = MixtureSameFamily(Categorical(torch.from_numpy(mixture.weight)), parts)
    found = script.evaluate(compute, [mixture.to_json(), RANDOM.tolist()])
    np.testing.assert_allclose(found, pz.log_prob(torch.from_numpy(RANDOM)), rtol=1e-12)


def test_the_typical_density_is_that_of_draws_from_the_prior(script: Page) -> None:
    draws = latent.log_prior(np.random.default_rng(2).normal(size=(20_000, 20)))
    typical = script.evaluate("map.typicalLogPrior(20)")
    # four standard errors of 20,000 draws
    assert typical["mean"] == pytest.approx(draws.mean(), abs=4 * draws.std() / 141)
    assert typical["spread"] == pytest.approx(draws.std(), rel=0.03)


@pytest.mark.parametrize("pair", ["typical", "different norms", "opposite", "parallel", "b zero"])
def test_the_map_of_many_dimensions_holds_both_paths(script: Page, pair: str) -> None:
    a, b = plain(PAIRS[pair])
    if len(a) == 2:
        a, b = [*a, 0.0], [*b, 0.0]
    found = script.evaluate(ACROSS, [a, b, len(a), TIMES])
    assert found["frame"] == pytest.approx([1, 1, 0], abs=1e-9)
    assert max(found["rests"]) < 1e-8
    assert found["rise"] > 0


def test_given_points_are_met_at_even_times(script: Page) -> None:
    points = RANDOM[:5].tolist()
    follow = """([points, low, high]) => {
      const at = map.pathThrough(points, low, high);
      return points.map((_, i) => at(low + (i * (high - low)) / (points.length - 1)));
    }"""
    for low, high in [(0, 1), (-0.5, 1.5)]:
        found = script.evaluate(follow, [points, low, high])
        np.testing.assert_allclose(found, points, rtol=0, atol=TOLERANCE)


def test_the_nearest_encoded_image_is_the_nearest(script: Page) -> None:
    loc = np.random.default_rng(3).normal(size=(50, 3)).astype(np.float32)
    z = np.array([0.2, -0.4, 1.0])
    found = script.evaluate(
        "([loc, z]) => map.nearestDistance({ loc, count: 50, zDim: 3 }, z)",
        [loc.ravel().tolist(), z.tolist()],
    )
    assert found == pytest.approx(np.linalg.norm(loc - z, axis=1).min())


@pytest.mark.parametrize("apart", [0.0, 0.3, 5.0, 21.0, 40.0])
def test_two_ends_on_the_map_never_cover_each_other(script: Page, apart: float) -> None:
    a, b = [100.0, 50.0], [100.0 + 0.6 * apart, 50.0 - 0.8 * apart]
    found = np.array(script.evaluate("([a, b]) => map.handlePlaces(a, b)", [a, b]))
    # the handles' discs have a radius of 11 pixels
    assert np.linalg.norm(found[1] - found[0]) >= 22
    if apart >= 26:
        np.testing.assert_array_equal(found, [a, b])


@pytest.mark.parametrize(
    "text", ["a=1", "a=1,nan", "b=1,2,3", "a=x,y", "a=1e99,0", "a=1,,2", "b=", "a=1,Infinity"]
)
def test_an_end_of_an_address_must_be_a_place(script: Page, text: str) -> None:
    ask = "(text) => map.endsOfAddress(`?${text}`, 'model', { net: { zDim: 2 } })"
    found = script.evaluate(ask, text)
    assert found["a"] is None and found["b"] is None
    assert "takes 2 finite numbers" in found["wrong"]


def test_an_address_of_another_model_says_nothing(script: Page) -> None:
    ask = "map.endsOfAddress('?of=other&a=1,2&b=3', 'model', { net: { zDim: 2 } })"
    found = script.evaluate(ask)
    assert found == {"a": None, "b": None, "wrong": None}


def test_a_file_that_is_too_large_is_refused_before_it_is_read(script: Page) -> None:
    refused = script.evaluate(
        """() => map.readPicture(new File([new Uint8Array(20000001)], "large.png"), 1)
          .then(() => null, (error) => error.message)"""
    )
    assert refused == "large.png has 20.0 MB, more than the 20 MB that are read; save it smaller."


def test_an_overlay_is_drawn_above_the_map_in_its_coordinates(script: Page) -> None:
    found = script.evaluate(
        """() => {
          const canvas = document.body.appendChild(document.createElement("canvas"));
          canvas.style.cssText = "width: 200px; height: 200px";
          const plane = map.createPlane(canvas, {});
          plane.setView({ cx: 0, cy: 0, span: 4 });
          const at = (a, b) => {
            const [x, y] = plane.toScreen(a, b).map((side) => Math.floor(side * devicePixelRatio));
            return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.subarray(0, 3)];
          };
          plane.setOverlay((context, { toScreen }) => {
            const [x, y] = toScreen(1, 1.2);
            context.fillStyle = "#12ab34";
            context.fillRect(x - 4, y - 4, 8, 8);
          });
          plane.draw();
          const drawn = at(1, 1.2);
          plane.setOverlay(null);
          plane.draw();
          return [drawn, at(1, 1.2)];
        }"""
    )
    assert found == [[0x12, 0xAB, 0x34], [255, 255, 255]]


def test_typical_members_lie_where_their_class_is_dense_and_alone(script: Page) -> None:
    """Two heaps of class 0 with class 1 between them, where the mean of class 0 lies."""
    draws = np.random.default_rng(5).normal(scale=0.2, size=(900, 2))
    label = np.arange(900) % 3
    centre = np.array([[-3.0, 0.0], [0.0, 0.0], [3.0, 0.0]])[label]
    loc, classes = draws + centre, np.where(label == 1, 1, 0)
    # a few strays of class 0 beside its mean
    loc[:30:3] = draws[:30:3]
    rows = script.evaluate(
        "([loc, label]) => map.typicalRows({ loc, label, count: 900, zDim: 2 }, 0)",
        [loc.ravel().tolist(), classes.tolist()],
    )
    assert len(rows) == len(set(rows)) == 12
    assert (classes[rows] == 0).all()
    assert (np.abs(loc[rows, 0]) > 2).all()
