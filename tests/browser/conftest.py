"""Fixtures of the browser's tests: a real Chromium and the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.app_server import ROOT, app_server
from tests.browser.find_browser import ARGUMENTS, MISSING, find

RESULTS = ROOT / "test-results"


# Package scope, not session: while Playwright is open its event loop counts as running in this
# thread, and tests elsewhere must be free to run one of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one they fail, with the command that gets one."""
    path = find()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app; an exception in a page's script fails the tests."""
    RESULTS.mkdir(exist_ok=True)
    log = RESULTS / "streamlit.log"
    runs = tmp_path_factory.mktemp("runs")
    with app_server(log, {"VAE_RUNS": str(runs)}) as address:
        yield address
    output = log.read_text(errors="replace")
    assert "Uncaught app execution" not in output, output[-4000:]


@pytest.fixture
def console_errors() -> list[str]:
    """What `page` wrote to its console as errors so far."""
    return []


@pytest.fixture
def page(
    browser: Browser, console_errors: list[str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page in a context of its own; an exception that no script caught fails the test."""
    page_errors: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(message.text)

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.on("console", hear)
    opened.on("pageerror", lambda error: page_errors.append(error.stack or error.message))
    failures = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failures or page_errors:
        opened.screenshot(path=screenshot_path(request.node.name))
    context.close()
    assert not page_errors, "\n".join([*page_errors, "console errors:", *console_errors])


def screenshot_path(test: str) -> Path:
    """Return where the picture of a failed test goes."""
    RESULTS.mkdir(exist_ok=True)
    return RESULTS / ("".join(c if c.isalnum() or c in "-_" else "-" for c in test) + ".png")
