"""What the drawing sheet sends and asks for: drawings, classes, warped forms."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from tests.asking import Answer, ask
from tests.vae.data.own.test_drawn import draw, stroke
from ui.routes import drawn as routes
from vae.data.own import drawn


def send(path: str, body: bytes = b"") -> Answer:
    return ask(routes.routes(), path, body=body)


def get(path: str) -> Answer:
    return ask(routes.routes(), path)


def test_a_drawing_that_was_sent_comes_back_with_its_class_and_part() -> None:
    name = draw({"star": 2})
    address, pixels = routes.address(name), stroke(9).tobytes()
    kept = json.loads(send(f"{address}/keep/c0/0123456789", pixels).body)
    again = json.loads(send(f"{address}/keep/c0/0123456789", pixels).body)
    said = json.loads(get(address).body)
    assert kept == again and (kept["group"], kept["number"], kept["part"]) == ("c0", 2, "test")
    assert said["classes"] == [["c0", "star"]] and len(said["drawings"]) == 3
    assert base64.b64decode(said["drawings"][2]["pixels"]) == pixels


def test_a_drawing_comes_back_to_the_part_that_it_was_in() -> None:
    address = routes.address(draw({"star": 8}))
    kept = send(f"{address}/keep/c0/0123456789?part=test", stroke(9).tobytes())
    assert json.loads(kept.body)["part"] == "test"
    assert send(f"{address}/keep/c0/0123456780?part=exam", stroke(8).tobytes()).status == 409


def test_classes_are_added_renamed_and_removed() -> None:
    address = routes.address(name := draw({"star": 1}))

    def change(**asked: str) -> Answer:
        return send(f"{address}/class", json.dumps(asked).encode())

    added = json.loads(change(do="add", name="moon").body)["group"]
    assert change(do="rename", group=added, name="star").status == 409
    assert change(do="rename", group=added, name="sun").status == 200
    assert change(do="remove", group="c0").status == 200
    assert drawn.find(name).classes == {added: "sun"}
    assert drawn.find(name).drawings == ()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("keep/c0/0123456789", b""),
        ("keep/c0/0123456789", bytes(784)),
        ("keep/c0/0123456789", b"\1" * 783),
        ("keep/c0/0123456789", b"\1" * 5000),
        ("keep/c7/0123456789", b"\1" * 784),
        ("keep/c0/..%2Fclasses", b"\1" * 784),
        ("keep/c0/short", b"\1" * 784),
        ("class", b""),
        ("class", b"[1]"),
        ("class", b'{"do": "drop"}'),
        ("class", b'{"do": "add", "name": "\\ud800"}'),
        ("class", b'{"do": "add", "name": {"a": 1}, "group": 3}' * 2),
        ("remove/classes.json", b""),
        ("remove/..%2Fabout.json", b""),
    ],
)
def test_what_is_no_drawing_and_no_change_is_refused_in_a_sentence(path: str, body: bytes) -> None:
    address = routes.address(name := draw({"star": 1}))
    answer = send(f"{address}/{path}", body)
    assert answer.status in (404, 409, 413)
    assert len(answer.body) < 300
    assert len(drawn.find(name).drawings) == 1 and drawn.find(name).classes == {"c0": "star"}


def test_a_strip_begins_with_the_drawing_and_shows_what_is_learnt_from() -> None:
    address = routes.address(name := draw({"star": 1}))
    one = drawn.find(name).drawings[0]
    answer = get(f"{address}/warped/{one.key}?strength=0.5")
    strip = np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))
    cells = strip.reshape(30, 9, 30, 4).swapaxes(0, 1)[:, 1:-1, 1:-1, 0]
    assert (cells[0] == one.pixels[0]).all()
    warped = drawn.copies_of(one.pixels, drawn.Warping(copies=routes.FORMS, strength=0.5))
    assert (cells[1:] == warped[:, 0]).all()


@pytest.mark.parametrize("query", ["strength=nan", "strength=9", "strength=x"])
def test_a_strength_that_is_none_is_refused(query: str) -> None:
    address = routes.address(name := draw({"star": 1}))
    answer = get(f"{address}/warped/{drawn.find(name).drawings[0].key}?{query}")
    assert answer.status == 404 and b"strength" in answer.body
