"""The latent plane in a real browser, judged by its pixels and against numpy."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.map_page import (
    PLANE,
    SIDE,
    THEME,
    atlas_of,
    blank_page,
    cloud,
    encoded,
    show,
)
from tests.web import node
from vae.colours import CLASS_COLOURS
from vae.export.points import points_payload_from_atlas


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    page = blank_page(browser)
    yield page
    page.close()


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def assert_pixel(tab: Page, place: tuple[float, float], colour: str) -> None:
    assert tab.evaluate("([a, b]) => pixel(a, b)", list(place)) == rgb(colour)


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
    tab = blank_page(browser, device_scale_factor=ratio)
    show(tab, atlas_of(PLACES, range(12)))
    assert tab.evaluate("document.querySelector('canvas').width") == SIDE * ratio
    for label, place in enumerate(PLACES):
        assert_pixel(tab, place, CLASS_COLOURS[label % 10])
    tab.close()


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


def test_a_dark_theme_has_its_own_colours(tab):
    darker = node.evaluate("({ CLASS_COLOURS }) => CLASS_COLOURS.dark", None, "parts/colours.js")
    show(tab, atlas_of([(1, 1), (-1, -1)], [0, 1]))
    dark = THEME | {"text": "#fafafa", "background": "rgb(14 17 23)", "dark": True}
    tab.evaluate("(dark) => { plane.setTheme(dark); plane.draw(); }", dark)
    assert tab.evaluate("pixel(2, 1.5)") == [14, 17, 23]
    assert_pixel(tab, (1, 1), darker[0])
    assert_pixel(tab, (-1, -1), darker[1])


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


WATCH = """() => {
  document.body.innerHTML = "<div style='width: 200px; height: 100px'></div>";
  globalThis.heard = [];
  const watch = map.watchSize(document.body.firstChild, () => heard.push(devicePixelRatio));
  globalThis.stopWatching = () => watch.disconnect();
}"""


def test_a_screen_with_other_pixels_is_heard_where_no_element_changes_its_size(browser):
    tab = blank_page(browser, "parts/size_watch.js")
    tab.evaluate(WATCH)
    tab.wait_for_function("heard.length > 0")
    screen = tab.context.new_cdp_session(tab)
    for turn, ratio in enumerate((2, 1.5, 1)):
        size = {"width": 801 + turn, "height": 700, "mobile": False, "deviceScaleFactor": ratio}
        # a screen that only changes its ratio draws no frame here, so its width changes with it
        screen.send("Emulation.setDeviceMetricsOverride", size)
        tab.wait_for_function("(ratio) => heard.at(-1) === ratio", arg=ratio)
    tab.evaluate("stopWatching(); heard.length = 0")
    screen.send("Emulation.setDeviceMetricsOverride", size | {"width": 820, "deviceScaleFactor": 3})
    tab.wait_for_function("devicePixelRatio === 3 && innerWidth === 820")
    assert tab.evaluate("new Promise((go) => requestAnimationFrame(() => go(heard)))") == []
    tab.close()


def test_an_overlay_is_drawn_above_the_map_in_its_coordinates(tab):
    found = tab.evaluate(
        """() => {
          document.body.replaceChildren();
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
