"""The plane of rate and distortion: who stands where, what a curve says, what is left out."""

from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.tiny_models import CURVE, write_models
from ui.compare.numbers import rows
from ui.compare.rates import curves, view
from ui.figures.rate_distortion import LETTER, LINE_HEIGHT, Box, nearest_one, rate_distortion
from vae.measures.comparison import Entry, compared
from vae.measures.comparison.plane import Place, curve, placed
from vae.measures.registry import Estimate, Measured, Quantity, Reading


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A folder of tiny models that the app finds."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(write_models(tmp_path)))


def row(name: str, values: dict[str, float | None]):
    quantity = Quantity(name, name, "nats per image", Reading("It is."))
    entries = [
        Entry(model, Measured({name: Estimate(value)}, 9, "no density"))
        for model, value in values.items()
    ]
    return compared(quantity, entries)


def test_a_model_without_a_rate_is_left_out_with_the_reason():
    rate, distortion = row("rate", {"a": 5.0, "b": None}), row("distortion", {"a": 90.0, "b": 80.0})
    assert placed(rate, distortion) == ([Place("a", 5.0, 90.0)], {"b": "no density"})


def test_a_curve_goes_through_what_was_measured_and_is_linear_in_log_beta_between():
    found = curve([0.01, 1.0, 10.0], [9.0, 4.0, 1.0], [50.0, 75.0, 90.0], steps=31)
    known = {float(found.beta[k]): float(found.rate[k]) for k in found.measured.nonzero()[0]}
    assert known == {0.01: 9.0, 1.0: 4.0, 10.0: 1.0}
    assert (np.diff(found.beta) > 0).all()
    assert np.interp(np.log(0.1), np.log(found.beta), found.rate) == pytest.approx(6.5)
    assert found.beta[nearest_one(found)] == 1.0


def test_a_curve_of_one_beta_is_a_point():
    found = curve([1.0], [4.0], [75.0])
    assert (found.beta.tolist(), found.rate.tolist()) == ([1.0], [4.0])


def test_the_curve_of_a_file_says_rate_distortion_and_elbo_of_each_beta(models):
    found = curves.from_file("rated")
    assert found.distortion[0] == -CURVE[0]["reconstruction"] and found.rate[-1] == CURVE[-1]["kl"]
    told = view.said(found)
    assert told[nearest_one(found)] == "1 · rate 4.0 · distortion 75.0 · ELBO −79.0 nats"
    assert told[1].endswith("interpolated") and len(told) == len(found.beta)
    assert curves.from_file("flat") is None and curves.over_beta(["flat", "rated"]) == ["rated"]


def test_plotly_takes_the_plane_and_equal_sums_lie_on_its_dotted_lines():
    one = curve([0.1, 1.0, 10.0], [9.0, 4.0, 1.0], [50.0, 75.0, 90.0])
    figure = rate_distortion([Place("a", 4.0, 75.0), Place("<b>", 4.2, 74.0)], {"a": one})
    go.Figure(figure.data, figure.layout)
    xs, ys = (figure.data[0][axis] for axis in "xy")
    ends = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None]
    assert ends
    for (x0, y0), (x1, y1) in zip(ends[::2], ends[1::2], strict=True):
        assert x0 + y0 == pytest.approx(x1 + y1)
    assert figure.data[2]["x"] == one.rate.tolist() and len(figure.data[3]["x"]) == 1
    assert "&lt;b&gt;" in [note["text"] for note in figure.layout["annotations"]]


def test_names_of_points_that_are_near_do_not_cover_one_another():
    places = [Place(f"model-{k}", 5 + 0.05 * k, 100.0) for k in range(3)] + [Place("far", 20, 60)]
    figure = rate_distortion(places, {})
    (x0, x1), (y0, y1) = (figure.layout[axis]["range"] for axis in ("xaxis", "yaxis"))
    boxes = [
        Box((a["x"] - x0) / (x1 - x0), (a["y"] - y0) / (y1 - y0), LETTER * 7, LINE_HEIGHT)
        for a in figure.layout["annotations"]
        if a["text"].startswith("model-")
    ]
    assert len(boxes) == 3
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))


def test_numbers_of_other_likelihoods_in_files_are_on_other_grounds(models):
    assert rows.ground_in_file("flat") != rows.ground_in_file("deep")
    told = {row.quantity.name: row for row in rows.from_files(["flat", "flat-ae", "rated"])}
    assert told["distortion"].of == ("flat", "flat-ae", "rated")
