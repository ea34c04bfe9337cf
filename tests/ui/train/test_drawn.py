"""Drawing a data set on the Train page: begun, trained on, reopened, and left again."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.train.test_own import said
from tests.ui.train.test_page import open_page
from tests.vae.data.own.test_drawn import draw
from ui.train.drawn import training
from vae import data
from vae.data.own import drawn


def open_set(name: str) -> AppTest:
    app = open_page(draw=name)
    assert not app.exception
    return app


def settled(app: AppTest) -> AppTest:
    """Wait until the work under way has ended, and draw the page again."""
    asked = app.session_state["train_drawn_work"] if "train_drawn_work" in app.session_state else 0
    if asked:
        asked.job.wait()
        app.run()
    assert not app.exception
    return app


def test_the_step_begins_with_an_empty_set_which_is_not_kept_if_nothing_is_drawn() -> None:
    app = open_page()
    app.button(key="draw.open").click().run()
    assert app.query_params["draw"] in (["drawings"], "drawings")
    assert drawn.names() == ["drawings"]
    assert app.button(key="draw.train").disabled
    assert "at least 7 are needed, 5 of them of one class" in said(app)
    app.button(key="draw.back").click().run()
    assert "draw" not in app.query_params
    assert drawn.names() == []


def test_a_set_says_how_many_are_drawn_held_out_and_warped() -> None:
    app = open_set(draw({"star": 6, "moon": 6}))
    line = "12 drawings: 8 to learn from, 2 for validation, 2 for the test"
    assert f"{line}. 320 warped copies join those to learn from." in said(app)
    app.toggle(key="draw.warp").set_value(False).run()
    assert f"{line}." in said(app) and "warped copies" not in said(app)


@pytest.mark.parametrize(("copies", "strength"), [(500, 1.0), (10, 9.0)])
def test_an_option_out_of_range_is_said_and_nothing_is_begun(copies: int, strength: float) -> None:
    app = open_set(draw({"star": 7}))
    app.number_input(key="draw.copies").set_value(copies)
    app.number_input(key="draw.strength").set_value(strength).run()
    assert app.button(key="draw.train").disabled
    assert "Copies" in said(app) or "Strength" in said(app)


def test_drawings_become_a_set_that_is_chosen_in_the_form_with_the_weights_to_start_from() -> None:
    app = open_set(draw({"star": 7}))
    app.number_input(key="draw.copies").set_value(2).run()
    app.selectbox(key="draw.start_from").set_value("mnist-2d").run()
    app.button(key="draw.prepare").click().run()
    settled(app)
    assert app.selectbox(key="train.dataset").value == "drawings"
    assert app.selectbox(key="train.start_from").value == "mnist-2d"
    assert data.find("drawings").counts == {"train": 15, "validation": 1, "test": 1}
    assert app.button(key="draw.open").label == "Draw more"
    app.button(key="draw.open").click().run()
    assert "7 drawings: 5 to learn from" in said(app)


def test_a_set_that_is_only_drawn_is_listed_reopened_and_deleted() -> None:
    draw({"star": 3, "moon": 1})
    app = open_page()
    app.button(key="own.open").click().run()
    assert "Drawn, not yet trained on" in said(app) and "4 drawings · 2 classes" in said(app)
    assert "Prepared before" not in said(app)
    app.button(key="own.draw.drawings").click().run()
    assert "4 drawings" in said(app) and app.query_params["draw"] in (["drawings"], "drawings")
    app.button(key="own.delete.drawings").click().run()
    assert not app.exception and drawn.names() == []
    assert app.selectbox(key="train.dataset").value and "draw" not in app.query_params


def test_a_set_gets_another_name_and_the_page_follows() -> None:
    app = open_set(draw({"star": 7}))
    app.text_input(key="draw.name.drawings").set_value("stars of mine").run()
    assert "cannot be a name" in said(app) and drawn.names() == ["drawings"]
    app.text_input(key="draw.name.drawings").set_value("stars").run()
    assert not app.exception and drawn.names() == ["stars"]
    assert app.text_input(key="draw.name.stars").value == "stars"


def test_an_address_of_a_set_that_is_gone_leads_to_the_form_with_a_sentence() -> None:
    app = open_page(draw="../gone")
    assert "is not on this server" in said(app)
    assert app.selectbox(key="train.dataset").value


def test_only_models_whose_weights_fit_and_that_are_told_no_class_are_offered() -> None:
    found = set(training.origins())
    assert {"mnist-2d", "fashion-2d", "mnist-20d", "mnist-ae-2d"} <= found
    # of other sizes, told ten classes, computed at once
    assert not found & {"digits-2d", "sprites-10d", "mnist-cvae-2d", "mnist-m2", "mnist-pca-2d"}
