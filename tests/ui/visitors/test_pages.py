"""Three visitors who know one another's addresses: what the pages show whom."""

from types import SimpleNamespace

import pytest
import streamlit.runtime.context
from streamlit.testing.v1 import AppTest

from tests.ui.test_app import run
from tests.ui.visitors.three import BLIND, RUN, SET, SWEEP, TOKENS, asker, make
from ui import visitor
from ui.train.own import brought
from vae.errors import UserError
from vae.files import owner


def visiting(name: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages be drawn for the browser of somebody, as Streamlit tells of it."""
    cookies = {} if name is None else {visitor.COOKIE: TOKENS[name]}
    client = SimpleNamespace(cookies=cookies, headers=[("host", "here")])
    monkeypatch.setattr(streamlit.runtime.context, "_get_client_context", lambda: client)
    monkeypatch.setenv("VAE_SHARED", "1")


def train_page(**parameters: str) -> tuple[set[str], AppTest]:
    """Open the Train page under an address; return the models that may be chosen beside it."""
    app = run(**parameters)
    models = set(app.sidebar.selectbox(key="model").options)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return models, app


def said(app: AppTest) -> str:
    """All that is written on a page, with the names of its buttons, without Markdown's escapes."""
    kinds = ("markdown", "caption", "error", "warning")
    written = [one.value for kind in kinds for one in app.get(kind)]
    return "\n".join(written + [one.label for one in app.button]).replace("\\", "")


def test_the_train_page_shows_a_visitor_their_own_runs_and_models(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make()
    visiting("anna", monkeypatch)
    models, app = train_page()
    text = said(app)
    assert RUN in text and BLIND in text and SWEEP in text and visitor.OWN in text
    assert {RUN, SWEEP} <= models and SET in app.selectbox(key="train.dataset").options


@pytest.mark.parametrize("name", ["ben", None])
def test_to_a_stranger_the_train_page_says_in_a_sentence_that_there_is_no_such_run(
    name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    visiting(name, monkeypatch)
    models, app = train_page(run=RUN, model=RUN)
    text = said(app)
    assert f"there is no run '{RUN}' any more, or it is another visitor's" in text
    assert BLIND not in text and SWEEP not in text
    for offered in (models, set(app.selectbox(key="train.dataset").options)):
        assert offered and not offered & {RUN, BLIND, SET, SWEEP}
    line = visitor.OWN if name else "this browser sends no cookie"
    assert line.lower() in text.lower()


def test_what_somebody_has_brought_is_found_by_nobody_else() -> None:
    sent = SimpleNamespace(name="a.csv", size=3, getvalue=lambda: b"1,2")
    with owner.acting_as(asker("anna")):
        first = brought.bring([sent])
        token = brought.bring([sent])
        # a second one takes the place of the first
        assert brought.find(token) and brought.find(first) is None
    for stranger in ("ben", "cem", None):
        with owner.acting_as(asker(stranger)):
            assert brought.find(token) is None
            brought.forget(token)
    with owner.acting_as(asker("anna")):
        assert brought.find(token)
        brought.forget(token)
    with owner.acting_as(asker(None)), pytest.raises(UserError, match="cookie"):
        brought.bring([sent])


def test_a_page_whose_browser_has_just_gone_is_drawn_to_its_end_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visiting("anna", monkeypatch)
    app = AppTest.from_function(_tell).run()
    assert app.text[0].value == asker("anna").name
    monkeypatch.setattr(streamlit.runtime.context, "_get_client_context", lambda: None)
    assert app.run().text[0].value == asker("anna").name
    # who comes back without the cookie is somebody else
    visiting(None, monkeypatch)
    assert app.run().text[0].value == "None"


def _tell() -> None:
    import streamlit as st

    from vae.files import owner

    st.text(str(owner.asking().name))
