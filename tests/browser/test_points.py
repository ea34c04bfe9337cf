"""The latent plane in a real browser, against numpy and by its own pixels."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page

from tests.exported import write_payload
from vae import web
from vae.checkpoint import Atlas
from vae.points import CLASS_COLOURS, points_payload_from_atlas

SCRIPTS = ("payload.js", "points.js", "raster.js", "view.js", "sketch.js", "plane.js")
SIDE = 300
THEME = {"text": "#202020", "background": "#ffffff", "accent": "#c2185b", "border": "#dddddd"}

IMPORT = """async (source) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  globalThis.map = await import(url);
  globalThis.bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}"""
PARSE = """(text) => {
  globalThis.points = map.parsePoints(bytes(text));
  const { count, zDim, loc, scale, label, index } = points;
  return { count, zDim, loc: [...loc], scale: [...scale], label: [...label], index: [...index] };
}"""
# rings off: what is asked for below are the pixels of points
PLANE = """([text, theme, side]) => {
  document.body.replaceChildren();
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.style.cssText = `width: ${side}px; height: ${side}px`;
  globalThis.points = text === null ? null : map.parsePoints(bytes(text));
  globalThis.plane = map.createPlane(canvas, { theme });
  plane.setLayers({ rings: false });
  plane.setPoints(points);
  plane.setView({ cx: 0, cy: 0, span: 6 });
  plane.draw();
  globalThis.pixel = (a, b) => {
    const ratio = devicePixelRatio;
    const [x, y] = plane.toScreen(a, b).map((side) => Math.floor(side * ratio));
    return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.subarray(0, 3)];
  };
  globalThis.picture = () => canvas.toDataURL();
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A blank page with `map`, the module."""
    page = browser.new_page(viewport={"width": 800, "height": 700})
    page.evaluate(IMPORT, web.source(SCRIPTS))
    yield page
    page.close()


def atlas_of(loc: Any, label: Any = None, scale: Any = None) -> Atlas:
    loc = np.asarray(loc, np.float32)
    return Atlas(
        loc=loc,
        scale=np.full_like(loc, 0.25) if scale is None else np.asarray(scale, np.float32),
        label=np.arange(len(loc)) % 10 if label is None else np.asarray(label),
        index=np.arange(len(loc)),
    )


def cloud(count: int, z_dim: int = 2) -> Atlas:
    draw = np.random.default_rng(0)
    loc, scale = draw.normal(0, 1.2, (count, z_dim)), draw.uniform(0, 1, (count, z_dim))
    return atlas_of(loc, draw.integers(-1, 10, count), scale)


def encoded(payload: bytes) -> str:
    return base64.b64encode(payload).decode()


def show(tab: Page, atlas: Atlas | None, theme: dict[str, str] = THEME) -> None:
    text = None if atlas is None else encoded(points_payload_from_atlas(atlas))
    tab.evaluate(PLANE, [text, theme, SIDE])


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def assert_pixel(tab: Page, place: tuple[float, float], colour: str) -> None:
    assert tab.evaluate("([a, b]) => pixel(a, b)", list(place)) == rgb(colour)


def test_both_lists_of_class_colours_are_equal(tab):
    assert tuple(tab.evaluate("map.CLASS_COLOURS")) == CLASS_COLOURS


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


def test_screen_and_plane_are_inverse(tab):
    show(tab, None)
    there = tab.evaluate("""() => {
      plane.setView({ cx: 0.7, cy: -2.3, span: 3.1 });
      return plane.toPlane(...plane.toScreen(1.25, -3.5));
    }""")
    np.testing.assert_allclose(there, [1.25, -3.5], rtol=1e-12)
    up, right = tab.evaluate("[plane.toScreen(0, 1), plane.toScreen(1, 0)]")
    origin = tab.evaluate("plane.toScreen(0, 0)")
    scale = SIDE / 3.1
    np.testing.assert_allclose(np.subtract(up, origin), [0, -scale], atol=1e-9)
    np.testing.assert_allclose(np.subtract(right, origin), [scale, 0], atol=1e-9)


def test_zoom_keeps_the_place_under_the_hand_and_pan_moves_with_it(tab):
    show(tab, None)
    before, after, moved = tab.evaluate("""() => {
      const before = plane.toPlane(40, 90);
      plane.zoom(2.5, 40, 90);
      const after = plane.toPlane(40, 90);
      plane.pan(30, -12);
      return [before, after, plane.toPlane(70, 78)];
    }""")
    np.testing.assert_allclose(after, before, rtol=1e-12)
    np.testing.assert_allclose(moved, before, rtol=1e-12)
    assert tab.evaluate("plane.view().span") == pytest.approx(6 / 2.5)


PLACES = [(-2 + 0.4 * k, 1.5 if k % 2 else -1.5) for k in range(12)]


def test_a_point_has_the_colour_of_its_class(tab):
    show(tab, atlas_of(PLACES, range(12)))
    for label, place in enumerate(PLACES):
        assert_pixel(tab, place, CLASS_COLOURS[label % 10])


def test_a_point_without_a_label_has_the_text_s_colour_at_half_strength(tab):
    show(tab, atlas_of([(1, 1)], [-1]), THEME | {"text": "#000000"})
    assert_pixel(tab, (1, 1), "#808080")


def test_a_hidden_class_disappears_and_comes_back(tab):
    show(tab, atlas_of([(-1, 1), (1, 1)], [3, -1]))
    tab.evaluate("plane.setVisible(new Set([3])); plane.draw()")
    assert_pixel(tab, (-1, 1), THEME["background"])
    tab.evaluate("plane.setVisible(new Set([-1])); plane.draw()")
    assert_pixel(tab, (-1, 1), CLASS_COLOURS[3])
    assert_pixel(tab, (1, 1), THEME["background"])
    tab.evaluate("plane.setVisible(new Set()); plane.setLayers({ points: false }); plane.draw()")
    assert_pixel(tab, (-1, 1), THEME["background"])
    assert tab.evaluate("plane.nearest(...plane.toScreen(-1, 1), 9)") == -1


def test_axes_decide_where_a_point_lies(tab):
    show(tab, atlas_of([(1, 2, -1.5)], [4]))
    tab.evaluate("plane.setAxes([0, 0, 1], [1, 0, 0]); plane.draw()")
    assert_pixel(tab, (-1.5, 1), CLASS_COLOURS[4])
    tab.evaluate("plane.setAxes([0.6, 0.8, 0], [-0.8, 0.6, 0]); plane.draw()")
    assert_pixel(tab, (2.2, 0.4), CLASS_COLOURS[4])


def test_new_points_of_another_dimension_take_its_own_first_axes(tab):
    show(tab, atlas_of([(1, 2, -1.5)], [4]))
    tab.evaluate("plane.setAxes([0, 0, 1], [1, 0, 0])")
    payload = points_payload_from_atlas(atlas_of([(1.5, -1)], [2]))
    tab.evaluate(
        "(text) => { plane.setPoints(map.parsePoints(bytes(text))); plane.draw(); }",
        encoded(payload),
    )
    assert_pixel(tab, (1.5, -1), CLASS_COLOURS[2])


def test_axes_of_the_wrong_length_are_refused(tab):
    show(tab, atlas_of([(1, 2)]))
    with pytest.raises(Error, match="axes have 3 and 3 numbers, the points 2"):
        tab.evaluate("plane.setAxes([1, 0, 0], [0, 1, 0]); plane.draw()")


def test_a_view_of_no_size_is_refused(tab):
    show(tab, None)
    for view in ("{ cx: 0, cy: 0, span: 0 }", "{ cx: NaN, cy: 0, span: 1 }"):
        with pytest.raises(Error, match="shows nothing"):
            tab.evaluate(f"plane.setView({view})")


def test_nearest_agrees_with_brute_force(tab):
    atlas = cloud(3000, 4)
    show(tab, atlas)
    draw = np.random.default_rng(1)
    u, v = np.linalg.qr(draw.normal(size=(4, 2)))[0].T
    hands = draw.uniform(0, SIDE, (60, 2))
    hidden = [2, -1]
    found = tab.evaluate(
        """([u, v, hands, hidden]) => {
          plane.setAxes(u, v);
          plane.setVisible(new Set(hidden));
          return hands.map(([x, y]) => plane.nearest(x, y, 4));
        }""",
        [u.tolist(), v.tolist(), hands.tolist(), hidden],
    )
    places = np.stack([atlas.loc @ u, -(atlas.loc @ v)], axis=1) * SIDE / 6 + SIDE / 2
    places[np.isin(atlas.label, hidden)] = np.inf
    distance = np.linalg.norm(places - hands[:, None], axis=-1)
    expected = np.where(distance.min(axis=1) < 4, distance.argmin(axis=1), -1)
    assert 5 < (expected >= 0).sum() < 60
    np.testing.assert_array_equal(found, expected)


def test_moving_the_cursor_writes_no_point_anew(tab):
    show(tab, cloud(500))
    counts = tab.evaluate("""() => {
      let [rasters, copies] = [0, 0];
      const kind = CanvasRenderingContext2D.prototype;
      const { putImageData, drawImage } = kind;
      kind.putImageData = function (...all) { rasters++; putImageData.apply(this, all); };
      kind.drawImage = function (...all) { copies++; drawImage.apply(this, all); };
      for (let i = 0; i < 20; i++) {
        plane.setCursor({ a: i / 10, b: 0, held: i % 2 === 0 });
        plane.setTrail([[0, 0], [1, i / 10]]);
        plane.draw();
      }
      const moved = [rasters, copies];
      plane.pan(1, 0);
      plane.draw();
      Object.assign(kind, { putImageData, drawImage });
      return [moved, [rasters, copies]];
    }""")
    assert counts == [[0, 20], [1, 22]]


def test_what_lies_above_the_map_leaves_no_trace(tab):
    show(tab, cloud(500))
    before, above, after = tab.evaluate("""() => {
      const before = picture();
      plane.setCursor({ a: 1, b: 0.5, held: true });
      plane.setEllipse({ loc: [0.2, 0.3], scale: [0.5, 0.1], color: "#b60004" });
      plane.setTrail([[0, 0], [1, 1]]);
      plane.setMarks([{ a: -1, b: 1, ra: 0.3, rb: 0.1, label: "drawn", samples: [[-1, 1.2]] }]);
      plane.draw();
      const above = picture();
      plane.setCursor(null);
      plane.setEllipse(null);
      plane.setTrail([]);
      plane.setMarks([]);
      plane.draw();
      return [before, above, picture()];
    }""")
    assert above != before
    assert after == before


def test_a_redraw_of_the_same_view_is_the_same_picture(tab):
    show(tab, cloud(5000))
    before = tab.evaluate("picture()")
    after = tab.evaluate(
        "plane.pan(8, 3), plane.draw(), plane.pan(-8, -3), plane.draw(), picture()"
    )
    assert after == before


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


def test_the_ellipse_leans_on_the_screen_as_in_the_plane(tab):
    show(tab, None)
    tab.evaluate("""() => {
      plane.setAxes([Math.SQRT1_2, Math.SQRT1_2], [-Math.SQRT1_2, Math.SQRT1_2]);
      plane.setEllipse({ loc: [0, 0], scale: [1, 0.01], color: "#b60004" });
      plane.draw();
    }""")
    # the long axis, z1, points to the lower right: u = v = 45° from it
    assert tab.evaluate("pixel(1, -1)")[1] < 200
    assert_pixel(tab, (1, 1), THEME["background"])


def test_a_point_posterior_has_no_ellipse(tab):
    show(tab, None)
    calls = tab.evaluate("""() => {
      let ellipses = 0;
      const kind = CanvasRenderingContext2D.prototype;
      const { ellipse } = kind;
      kind.ellipse = function (...all) { ellipses++; ellipse.apply(this, all); };
      const counts = [[0, 0], null, [0.2, 0]].map((scale) => {
        ellipses = 0;
        plane.setEllipse({ loc: [1, 1], scale, color: "#b60004" });
        plane.draw();
        return ellipses;
      });
      Object.assign(kind, { ellipse });
      return counts;
    }""")
    assert calls == [0, 0, 2]


def test_fit_shows_all_points_and_the_prior(tab):
    atlas = atlas_of([(-5, 1), (4, 7), (0, 0)])
    show(tab, atlas)
    tab.evaluate("plane.fit()")
    places = [*atlas.loc.tolist(), *([3 * np.cos(t), 3 * np.sin(t)] for t in range(7))]
    for a, b in places:
        x, y = tab.evaluate("([a, b]) => plane.toScreen(a, b)", [a, b])
        assert 5 < x < SIDE - 5 and 5 < y < SIDE - 5


def test_fit_leaves_a_far_prior_out_of_the_picture(tab):
    show(tab, atlas_of([(100, 50), (104, 52)]))
    view = tab.evaluate("plane.fit(), plane.view()")
    assert (view["cx"], view["cy"]) == (102, 51)
    assert 4 < view["span"] < 5


def test_without_points_the_prior_is_shown(tab):
    show(tab, None)
    tab.evaluate("plane.setLayers({ rings: true }); plane.fit(); plane.draw()")
    assert tab.evaluate("plane.nearest(10, 10, 1000)") == -1
    x, y = tab.evaluate("plane.toScreen(3, 3)")
    assert SIDE * 0.9 < x < SIDE and 0 < y < SIDE * 0.1
    assert tab.evaluate("pixel(2, 0)") != rgb(THEME["background"])


def test_a_backdrop_lies_upright_over_its_extent(tab):
    show(tab, None)
    tab.evaluate("""() => {
      const sheet = new OffscreenCanvas(2, 2);
      const context = sheet.getContext("2d");
      ["#ff0000", "#00ff00", "#0000ff", "#ffff00"].forEach((colour, i) => {
        context.fillStyle = colour;
        context.fillRect(i % 2, Math.floor(i / 2), 1, 1);
      });
      plane.setBackdrop(sheet, [-2, 2, -1, 1]);
      plane.draw();
    }""")
    places = {
        (-1, 0.5): "#ff0000",
        (1, 0.5): "#00ff00",
        (-1, -0.5): "#0000ff",
        (1, -0.5): "#ffff00",
    }
    for place, colour in places.items():
        assert_pixel(tab, place, colour)
    # the corners of large pixels stay sharp: no colour is mixed with its neighbour's
    assert tab.evaluate("pixel(-0.05, 0.9)") == [255, 0, 0]
    tab.evaluate("plane.setLayers({ backdrop: false }); plane.draw()")
    assert_pixel(tab, (-1, 0.5), THEME["background"])


@pytest.mark.parametrize("ratio", [1, 1.5, 3])
def test_the_canvas_has_the_screen_s_own_pixels(browser, ratio):
    context = browser.new_context(device_scale_factor=ratio)
    tab = context.new_page()
    tab.evaluate(IMPORT, web.source(SCRIPTS))
    show(tab, atlas_of(PLACES, range(12)))
    assert tab.evaluate("document.querySelector('canvas').width") == SIDE * ratio
    for label, place in enumerate(PLACES):
        assert_pixel(tab, place, CLASS_COLOURS[label % 10])
    context.close()


def test_a_resized_canvas_keeps_what_lies_in_the_middle(tab):
    show(tab, atlas_of([(1, 1)], [0]))
    tab.evaluate("""() => {
      Object.assign(document.querySelector("canvas").style, { width: "500px", height: "200px" });
      plane.resize();
      plane.draw();
    }""")
    assert tab.evaluate("document.querySelector('canvas').width") == 500
    assert tab.evaluate("plane.toPlane(250, 100)") == [0, 0]
    assert_pixel(tab, (1, 1), CLASS_COLOURS[0])


def test_a_theme_and_a_palette_can_be_changed(tab):
    show(tab, atlas_of([(1, 1), (-1, -1)], [0, 1]))
    dark = THEME | {"text": "#fafafa", "background": "rgb(14 17 23)"}
    tab.evaluate(
        "(dark) => { plane.setTheme(dark, ['hsl(0 100% 50%)', 'blue']); plane.draw(); }", dark
    )
    assert tab.evaluate("pixel(2, 1.5)") == [14, 17, 23]
    assert_pixel(tab, (1, 1), "#ff0000")
    assert_pixel(tab, (-1, -1), "#0000ff")


def test_a_million_points_are_read_and_drawn(tab):
    draw = np.random.default_rng(0)
    loc = draw.normal(0, 0.5, (1_000_000, 2)).astype(np.float32) + [0.4, 0.4]
    atlas = atlas_of(loc, np.zeros(len(loc), np.int64))
    payload = points_payload_from_atlas(atlas, quantise=True)
    tab.set_content("<input type=file>")
    tab.set_input_files(
        "input", {"name": "points", "mimeType": "application/octet-stream", "buffer": payload}
    )
    count = tab.evaluate(
        """async ([theme, side]) => {
          const buffer = await document.querySelector("input").files[0].arrayBuffer();
          globalThis.read = globalThis.bytes;
          globalThis.bytes = () => buffer;
          return map.parsePoints(buffer).count;
        }""",
        [THEME, SIDE],
    )
    assert count == 1_000_000
    tab.evaluate(PLANE, ["", THEME, SIDE])
    tab.evaluate("globalThis.bytes = globalThis.read")
    # dense in the middle, where only this class lies
    found = np.array(tab.evaluate("pixel(0.35, 0.35)"))
    # translucent points add up to all but some 1/100 of full opacity
    assert np.abs(found - rgb(CLASS_COLOURS[0])).max() <= 8
    assert_pixel(tab, (-2.8, -2.6), THEME["background"])
