"""Figures: Plotly accepts them, they hold every point, planes keep their proportions."""

import base64
import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from ui.figures.bars import bars
from ui.figures.cloud import scatter
from ui.figures.colours import BACK, class_colour
from ui.figures.contact_sheet import contact_sheet
from ui.figures.curves import bic_line, densities
from ui.figures.figure import Figure, empty, literal
from ui.figures.heatmap import heatmap
from ui.figures.marks import add_ellipses, add_rings, add_text
from ui.figures.scale import VALUE_STEPS, add_scale, value_palette
from ui.figures.touching import touching
from ui.figures.tries import tries
from vae.colours import CLASS_COLOURS

DRAW = np.random.default_rng(0)
POINTS = DRAW.normal(size=(500, 2)).astype(np.float32)


def unpacked(packed: dict[str, Any]) -> np.ndarray:
    """The numbers of one array in Plotly's JSON."""
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])


def points() -> Figure:
    return scatter(POINTS, ["a"] * len(POINTS), axes=("z1", "z2"), revision="plane")


def grid(signed: float | None = None) -> Figure:
    side = np.linspace(-4, 4, 9)
    scale = {} if signed is None else {"signed": signed}
    return heatmap(side, side, DRAW.normal(size=(9, 9)), "q", ("z1", "z2"), **scale)


def decorated() -> Figure:
    figure = points()
    add_rings(figure)
    add_scale(figure, 0, 3, "KL, nats")
    add_ellipses(figure, POINTS[:3], np.array([np.eye(2)] * 3), CLASS_COLOURS[:3])
    add_text(figure, (0, 0), "three")
    return figure


def marginal() -> Figure:
    z = np.linspace(-8, 8, 257)
    return densities(z, np.exp(-(z**2)), np.exp(-(z**2) / 2), "z1")


def pairs() -> Figure:
    counts = np.array([[0, 3, 1], [3, 0, 0], [1, 0, 0]])
    return touching(["0", "<b>", "2"], counts, 3)


def tried() -> Figure:
    titles = ("dimensions", "nats")
    return tries([2, 8, 32], [3.0, 1.0, 1.5], [0.1, None, 0.2], titles, advised=8, identity=True)


FIGURES = {
    "touching": pairs,
    "tries": tried,
    "scatter": points,
    "decorated": decorated,
    "density": grid,
    "signed": lambda: grid(4.0),
    "marginal": marginal,
    "bars": lambda: bars(["zero", "one"], [3, 2], CLASS_COLOURS[:2], "images"),
    "bic": lambda: bic_line([1, 2, 3], [3.0, 1.0, 2.0]),
    "sheet": lambda: contact_sheet("data:image/png;base64,AA==", 3, 2, ["a"] * 5),
}


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_plotly_accepts_every_figure(make: Any) -> None:
    sent = json.loads(make().to_json())
    # it raises for a property or a value that it does not know
    figure = go.Figure(sent)
    assert [trace.type for trace in figure.data] == [trace["type"] for trace in sent["data"]]
    assert figure.data


def test_a_scatter_holds_every_point_in_its_order() -> None:
    trace = json.loads(points().to_json())["data"][0]
    np.testing.assert_array_equal(unpacked(trace["x"]), POINTS[:, 0])
    np.testing.assert_array_equal(unpacked(trace["y"]), POINTS[:, 1])


def test_every_point_lies_inside_the_first_view() -> None:
    layout = points().layout
    for axis, values in zip(("xaxis", "yaxis"), POINTS.T, strict=True):
        low, high = layout[axis]["range"]
        assert low < values.min() and values.max() < high


@pytest.mark.parametrize("name", ["scatter", "density", "signed", "sheet"])
def test_latent_planes_have_one_scale_for_both_axes(name: str) -> None:
    axis = FIGURES[name]().layout["yaxis"]
    assert (axis["scaleanchor"], axis["scaleratio"]) == ("x", 1)


def test_a_scatter_without_one_unit_is_not_held_to_proportions() -> None:
    figure = scatter(POINTS, ["a"] * 500, axes=("z1", "class"), equal=False)
    assert "scaleanchor" not in figure.layout["yaxis"]


@pytest.mark.parametrize(("trace", "sigmas"), [(1, 1), (3, 2)])
def test_ellipses_lie_at_their_mahalanobis_distance(trace: int, sigmas: int) -> None:
    covariance = np.array([[2.0, 0.6], [0.6, 0.5]])
    centre = np.array([1.0, -2.0])
    figure = empty(equal=True)
    add_ellipses(figure, centre[None], covariance[None], ["#123456"])
    line = figure.data[trace]
    assert line["line"]["color"] == "#123456"
    away = np.stack([line["x"], line["y"]], axis=1)[:-1] - centre
    squared = np.einsum("ij,jk,ik->i", away, np.linalg.inv(covariance), away)
    np.testing.assert_allclose(squared, sigmas**2, rtol=1e-9)


def test_ellipses_of_many_classes_are_one_line_a_colour() -> None:
    figure = empty()
    add_ellipses(figure, np.zeros((40, 2)), np.array([np.eye(2)] * 40), CLASS_COLOURS * 4)
    drawn = {trace["line"]["color"] for trace in figure.data}
    assert drawn == {*CLASS_COLOURS, BACK}


def test_rings_are_the_prior_s_standard_deviations() -> None:
    figure = empty()
    add_rings(figure, (0.5, -1.0))
    ring = figure.data[0]
    radius = np.hypot(ring["x"] - 0.5, ring["y"] + 1.0)
    assert np.unique(radius[np.isfinite(radius)].round(9)).tolist() == [1, 2, 3]


@pytest.mark.parametrize("label", [0, 3, 9, 10, 27])
def test_classes_have_their_colours_modulo_ten(label: int) -> None:
    assert class_colour(label) == CLASS_COLOURS[label % 10]


def test_an_image_without_class_is_grey() -> None:
    assert class_colour(-1) not in CLASS_COLOURS


def test_the_value_palette_rises_in_lightness() -> None:
    parts = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in value_palette()]
    assert len(parts) == VALUE_STEPS
    assert (np.diff(np.array(parts) @ [0.2126, 0.7152, 0.0722]) > 0).all()


def test_text_of_a_file_cannot_become_markup() -> None:
    assert literal("<a href='x'>7</a>") == "&lt;a href='x'&gt;7&lt;/a&gt;"


def test_the_least_bic_is_marked() -> None:
    marked = bic_line([1, 2, 3], [3.0, 1.0, 2.0]).data[-1]
    assert (marked["x"], marked["y"]) == ([2], [1.0])


def test_a_number_that_is_not_finite_cannot_pass_unseen() -> None:
    figure = empty()
    figure.add("scatter", x=[float("nan")], y=[0.0])
    with pytest.raises(ValueError, match="not JSON compliant"):
        figure.to_json()


def test_a_pair_of_classes_stands_below_the_diagonal_with_its_count() -> None:
    found = json.loads(pairs().to_json())["data"][0]
    assert found["z"] == [[None, None, None], [3, None, None], [1, 0, None]]
    assert found["text"][1][0] == "0 and &lt;b&gt;: touch in 3 of 3 maps"
    assert (found["zmin"], found["zmax"]) == (0, 3)


def test_tries_keep_their_errors_and_mark_the_advised_one() -> None:
    line, mark = json.loads(tried().to_json())["data"][1:]
    assert line["error_y"]["array"] == [0.1, 0.0, 0.2]
    assert (mark["x"], mark["y"]) == ([8], [1.0])
    assert line["text"] == ["3.0", "1.0", "1.5"]


def test_many_tries_have_no_values_beside_them() -> None:
    many = list(range(1, 9))
    assert "text" not in tries(many, many, [None] * 8, ("", "")).data[0]["mode"]


def test_tries_without_advice_mark_none() -> None:
    assert len(tries([2, 8], [3.0, 1.0], [None, None], ("", "")).data) == 1
