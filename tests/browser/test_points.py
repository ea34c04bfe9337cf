"""Reading and projecting points in a real browser, against numpy."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.map_page import blank_page, cloud, encoded
from tests.exported import write_payload
from vae.export.points import points_payload_from_atlas

PARSE = """(text) => {
  globalThis.points = map.parsePoints(bytes(text));
  const { count, zDim, loc, scale, label, index } = points;
  return { count, zDim, loc: [...loc], scale: [...scale], label: [...label], index: [...index] };
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    page = blank_page(browser)
    yield page
    page.close()


@pytest.mark.parametrize("z_dim", [1, 2, 5])
def test_points_are_read_exactly(tab, z_dim):
    atlas = cloud(37, z_dim)
    # subnormal halves too
    atlas.scale[0] = 2.0**-20
    found = tab.evaluate(PARSE, encoded(points_payload_from_atlas(atlas)))
    assert (found["count"], found["zDim"]) == (37, z_dim)
    np.testing.assert_array_equal(found["loc"], atlas.loc.ravel())
    np.testing.assert_array_equal(found["scale"], atlas.scale.astype(np.float16).ravel())
    np.testing.assert_array_equal(found["label"], atlas.label)
    np.testing.assert_array_equal(found["index"], atlas.index)


def test_quantised_points_are_read_within_half_a_step(tab):
    atlas = cloud(500, 3)
    found = tab.evaluate(PARSE, encoded(points_payload_from_atlas(atlas, quantise=True)))
    step = np.ptp(atlas.loc, axis=0) / 65535
    error = np.abs(np.reshape(found["loc"], (-1, 3)) - atlas.loc)
    # the second term is float32's, 2⁻²⁴ of numbers below 8, twice
    assert (error <= step / 2 + 2 * 8 * 2.0**-24).all()


HEADER = {"format": "vae-points", "version": 1, "count": 2, "z_dim": 2}
LOC = {"dtype": "float32", "shape": [2, 2], "offset": 0}


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "0 bytes are no payload"),
        (b"\xff\xff\0\0", "cut short inside the header"),
        (b"\4\0\0\0{]{]", "header is not JSON"),
        (write_payload({"format": "vae-network"}, b""), "not a vae-points payload"),
        (write_payload(HEADER | {"version": 9}, b""), "version 9; this page reads version 1"),
        (write_payload(HEADER, b""), "there is no loc"),
        (write_payload(HEADER | {"arrays": {"loc": LOC}}, bytes(12)), "cut short inside loc"),
        (
            write_payload(HEADER | {"arrays": {"loc": LOC | {"dtype": "int8"}}}, bytes(16)),
            "loc is int8, not float32 or uint16",
        ),
    ],
)
def test_a_damaged_payload_is_named(tab, payload, words):
    with pytest.raises(Error, match=words):
        tab.evaluate("(text) => { map.parsePoints(bytes(text)); }", encoded(payload))


@pytest.mark.parametrize("count", [0, 1, 2, 9, 10, 1000, 1001])
def test_every_point_is_drawn_once(tab, count):
    order = tab.evaluate(
        "(count) => Array.from({ length: count }, (_, slot) => map.pointAtSlot(slot, count))", count
    )
    assert sorted(order) == list(range(count))


def test_the_drawing_order_spreads_classes_that_come_one_after_another(tab):
    order = tab.evaluate(
        "() => Array.from({ length: 10000 }, (_, slot) => map.pointAtSlot(slot, 10000))"
    )
    for start in range(0, 10000, 500):
        part = np.bincount(np.array(order[start : start + 500]) // 1000, minlength=10)
        assert part.min() >= 40


@pytest.mark.parametrize("z_dim", [1, 2, 6])
def test_the_projected_ellipse_has_the_covariance_s_eigenvalues(tab, z_dim):
    draw = np.random.default_rng(z_dim)
    for _ in range(20):
        scale = draw.uniform(0, 2, z_dim)
        u, v = draw.normal(size=(2, z_dim))
        found = tab.evaluate(
            "(all) => map.projectedEllipse(...all)", [scale.tolist(), u.tolist(), v.tolist()]
        )
        axes = np.stack([u, v])
        values, directions = np.linalg.eigh(axes @ np.diag(scale**2) @ axes.T)
        # differences of squares: the square root of float64's 1e-16 of the larger half axis
        limit = 1e-7 * found["ra"]
        np.testing.assert_allclose(found["ra"], np.sqrt(values[1]), rtol=1e-9)
        np.testing.assert_allclose(found["rb"], np.sqrt(values[0].clip(0)), atol=limit)
        direction = [np.cos(found["angle"]), np.sin(found["angle"])]
        assert abs(direction @ directions[:, 1]) == pytest.approx(1, abs=1e-9)
