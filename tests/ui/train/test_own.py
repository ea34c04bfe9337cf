"""Own images on the Train page: brought, understood, used, listed, renamed, deleted."""

import re
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.train.test_page import open_page
from tests.vae.data.own.corpus.case import COLOURS, GREYS, npy, png, zipped
from ui.train.own import brought, job, upload
from vae import data
from vae.data.own import prepared

ZIP = "application/zip"
FILES = f"own.files.{upload.FILES}"
CATS = zipped({f"{'cat' if n % 2 else 'dog'}/{n}.png": png(x) for n, x in enumerate(COLOURS)})


def bomb() -> bytes:
    """Pack two files that claim to be 3 GB each once they are unpacked."""
    packed = bytearray(zipped({name: bytes(99) for name in ("a.npy", "b.npy")}))
    for start in (found.start() for found in re.finditer(b"PK\x01\x02", packed)):
        struct.pack_into("<I", packed, start + 24, 3_000_000_000)
    return bytes(packed)


def open_step() -> AppTest:
    """Open the step by the form's button."""
    app = open_page()
    app.button(key="own.open").click().run()
    assert not app.exception
    return app


def bring(*files: tuple[str, bytes]) -> AppTest:
    """Drop files into the field; the page shows what was understood."""
    app = open_step()
    app.file_uploader(key=FILES).set_value([(name, one, ZIP) for name, one in files]).run()
    assert not app.exception
    return finished(app)


def finished(app: AppTest) -> AppTest:
    """Wait until the work under way has ended, and draw the page again."""
    one = brought.find(app.query_params["own"]) if "own" in app.query_params else None
    for work in (one.looking, one.preparing) if one else ():
        if work is not None:
            work.wait()
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All that is written on the page, without the escapes of Markdown."""
    kinds = ("markdown", "caption", "error", "warning")
    return "\n".join(one.value for kind in kinds for one in app.get(kind)).replace("\\", "")


def bars(app: AppTest) -> str:
    """What is written on the bars of progress."""
    return "\n".join(one.proto.text for one in app.get("progress"))


def prepare(name: str = "pets") -> None:
    """Prepare a set without a page."""
    from vae.data.own import File, look
    from vae.data.own import prepare as prepare_set

    found = look(File.of("in.zip", CATS))
    prepare_set(found, found.suggested, name)


def test_an_array_of_rows_that_make_no_square_is_asked_for_its_size_and_then_shown() -> None:
    rows = np.random.default_rng(0).integers(0, 256, (9, 12 * 20), dtype=np.uint8)
    app = bring(("rows.npy", npy(rows)))
    assert "240 values in a row" in said(app)
    app.button(key="own.size.12x20").click().run()
    finished(app)
    assert "9 pictures · 12×20 pixels · grey" in said(app)


def test_a_zip_becomes_a_set_that_is_chosen_in_the_form() -> None:
    app = bring(("pets.zip", CATS))
    assert "8 pictures · 2 classes · 16×16 pixels · colour" in said(app)
    assert app.button(key="own.use").label == "Use 8 images of 2 classes"
    app.button(key="own.use").click().run()
    finished(app)
    assert app.selectbox(key="train.dataset").value == "pets"
    assert "own" not in app.query_params
    assert data.find("pets").class_names == ("cat", "dog")
    assert not app.button(key="train.start").disabled


def test_a_choice_changes_what_is_prepared() -> None:
    app = bring(("pets.zip", CATS))
    token = app.query_params["own"]
    app.number_input(key=f"own.{token}.height").set_value(8)
    app.selectbox(key=f"own.{token}.colours").set_value("grey")
    app.text_input(key=f"own.{token}.name").set_value("small")
    app.button(key="own.use").click().run()
    finished(app)
    assert data.find("small").image_shape == (1, 8, 16)


def test_a_second_press_prepares_nothing_twice() -> None:
    app = bring(("pets.zip", CATS))
    one = brought.find(app.query_params["own"])
    assert one is not None and one.found is not None
    one.prepare(one.found.suggested, "first")
    one.prepare(one.found.suggested, "second")
    assert one.preparing is not None
    one.preparing.wait()
    assert prepared.names() == ["first"]


def test_what_is_stopped_while_it_is_prepared_leaves_nothing_and_can_be_used_again() -> None:
    one = brought.find(bring(("pets.zip", CATS)).query_params["own"])
    assert one is not None and one.found is not None
    with job._turn:
        one.prepare(one.found.suggested, "pets")
        assert one.stage == "preparing" and one.preparing is not None
        one.preparing.stop()
    one.preparing.wait()
    assert one.stage == "found" and one.preparing.error is None
    assert not prepared.folder().exists() or not list(prepared.folder().iterdir())
    one.prepare(one.found.suggested, "pets")
    one.preparing.wait()
    assert one.stage == "prepared"


def test_what_a_second_visitor_brings_waits_until_the_first_is_prepared() -> None:
    one = brought.find(bring(("pets.zip", CATS)).query_params["own"])
    assert one is not None and one.found is not None
    with job._turn:
        one.prepare(one.found.suggested, "first")
        # the same files once more, in another tab, which is reloaded
        app = open_step()
        app.file_uploader(key=FILES).set_value([("pets.zip", CATS, ZIP)]).run()
        app = open_page(own=app.query_params["own"])
        assert "Waiting for the images of another visitor" in bars(app)
    assert "8 pictures" in said(finished(app))
    assert one.preparing is not None
    one.preparing.wait()
    assert prepared.names() == ["first"]


def test_rows_that_do_not_say_their_size_are_asked_for_it_with_a_picture_of_each() -> None:
    rows = "\n".join(",".join(str((x + n) % 256) for x in range(42)) for n in range(8))
    app = bring(("rows.csv", rows.encode()))
    assert "42 values in a row" in said(app)
    app.button(key="own.size.7x6").click().run()
    finished(app)
    assert "8 pictures · 7×6 pixels · grey" in said(app)


def test_choices_without_meaning_for_these_pictures_are_not_drawn() -> None:
    plain = bring(("pets.zip", CATS))
    token = plain.query_params["own"]
    drawn = {one.key for one in (*plain.selectbox, *plain.toggle)}
    names = ("split", "without_copies", "without_empty")
    assert not drawn & {f"own.{token}.{name}" for name in names}
    parts = {f"{'test' if n < 2 else 'train'}/{n}.png": png(x) for n, x in enumerate(COLOURS)}
    again = bring(("parts.zip", zipped(parts | {"train/copy.png": png(COLOURS[7])})))
    token = again.query_params["own"]
    assert again.selectbox(key=f"own.{token}.split").value == "given"
    again.toggle(key=f"own.{token}.without_copies").set_value(True).run()
    assert again.button(key="own.use").label == "Use 8 images"


def test_only_the_newest_of_what_is_brought_stays_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(brought, "KEPT_BYTES", 1.5 * len(CATS))
    first, second = (bring(("pets.zip", CATS)).query_params["own"] for _ in range(2))
    assert brought.find(first) is None
    assert brought.find(second) is not None


def test_a_reload_finds_what_was_brought() -> None:
    token = bring(("pets.zip", CATS)).query_params["own"]
    assert "8 pictures · 2 classes" in said(open_page(own=token))


def test_a_reload_after_an_hour_gives_one_sentence_and_the_drop_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = bring(("pets.zip", CATS)).query_params["own"]
    monkeypatch.setattr(brought, "KEPT_SECONDS", 0.0)
    app = open_page(own=token)
    assert "no longer in this server's memory" in said(app)
    assert len(app.file_uploader) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.zip", b"<html>no", "is a web page or XML"),
        ("none.zip", b"", "is empty"),
        ("bomb.zip", bomb(), "unpacks to 6 GB, more than the 4.29 GB that are read"),
        ("one.png", png(GREYS[0]), "at least 7 are needed"),
    ],
)
def test_what_cannot_be_used_gives_one_sentence(name: str, content: bytes, sentence: str) -> None:
    app = bring((name, content))
    assert sentence in said(app)
    assert not [one for one in app.button if one.key == "own.use" and not one.disabled]


def test_too_much_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vae.data.own.limits.SENT_BYTES", 1_000)
    app = open_step()
    app.file_uploader(key=FILES).set_value([("pets.zip", CATS, ZIP)]).run()
    assert "can be sent at a time; bring fewer" in said(app)
    assert app.query_params["own"] == "new"


def test_a_name_that_is_taken_leaves_all_choices_as_they_are() -> None:
    prepare("pets")
    app = bring(("pets.zip", CATS))
    token = app.query_params["own"]
    assert app.text_input(key=f"own.{token}.name").value == "pets-2"
    app.number_input(key=f"own.{token}.height").set_value(9)
    app.text_input(key=f"own.{token}.name").set_value("pets")
    app.button(key="own.use").click().run()
    assert "there are images pets already; choose another name" in said(app).lower()
    assert app.number_input(key=f"own.{token}.height").value == 9


def test_a_set_is_renamed_and_the_form_follows() -> None:
    prepare("pets")
    app = open_step()
    app.button(key="own.choose.pets").click().run()
    app.button(key="own.open").click().run()
    app.text_input(key="own.new-name.pets").set_value("animals")
    app.button(key="own.rename.pets").click().run()
    app.button(key="own.back").click().run()
    assert not app.exception
    assert prepared.names() == ["animals"]
    assert app.selectbox(key="train.dataset").value == "animals"


def test_a_set_is_deleted_and_the_form_falls_back() -> None:
    prepare("pets")
    app = open_step()
    app.button(key="own.choose.pets").click().run()
    app.button(key="own.open").click().run()
    app.button(key="own.delete.pets").click().run()
    app.button(key="own.back").click().run()
    assert not app.exception
    assert prepared.names() == []
    assert app.selectbox(key="train.dataset").value in ("digits", "mnist")


def test_the_sheet_shows_pictures_before_and_after() -> None:
    from ui.train.own import pictures
    from vae.data.own import File, look

    found = look([File.of(f"{n}.png", png(x)) for n, x in enumerate(GREYS)])
    assert pictures.sheet(found).count("<img") == len(GREYS)
    same = pictures.pairs(found, found.suggested).split("<img")
    inverted = pictures.pairs(found, found.suggested.replace(invert=True)).split("<img")
    assert same[1:5] == inverted[1:5]
    assert not set(same[5:]) & set(inverted[5:])
    assert np.array_equal(found.preview()[0], GREYS[0])
