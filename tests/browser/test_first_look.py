"""What stands there before the page's scripts have come, and while a decoder comes."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", "rgb(252, 251, 248)"), ("dark", "rgb(20, 21, 24)")]
)
def test_something_is_drawn_in_the_right_theme_before_any_script_has_come(
    page: Page, server: str, scheme: str, ground: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.route("**/static/**", lambda route: route.abort())
    page.goto(server, wait_until="commit")
    look = page.locator("#first-look")
    expect(look).to_be_visible()
    expect(look).to_contain_text("Latent space explorer")
    expect(look).to_have_css("background-color", ground)


def test_the_component_comes_in_one_answer_before_any_script_of_streamlits(
    page: Page, server: str
) -> None:
    page.route("**/static/**", lambda route: route.abort())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server, wait_until="commit")
    page.wait_for_function("globalThis.explorerEntries?.size === 1")
    come = "Promise.all(explorerEntries.values()).then(([show]) => typeof show)"
    assert page.evaluate(come) == "function"
    assert sum("/scripts/" in address for address in asked) == 1


def test_the_first_look_is_gone_once_the_page_is_there(page: Page, server: str) -> None:
    page.goto(server, wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible(timeout=60_000)
    expect(page.locator("#first-look")).to_have_count(0)


def test_a_bar_follows_the_weights_as_they_come(page: Page, server: str) -> None:
    page.add_init_script(HALF_OF_A_PAYLOAD)
    page.goto(server, wait_until="domcontentloaded")
    bar = page.get_by_test_id("latent-pad").locator(".pad-progress").first
    expect(bar).to_be_visible(timeout=60_000)
    expect(bar).to_have_attribute("value", re.compile(r"0\.5"))
    page.evaluate("goOn()")
    expect(page.locator('[data-testid="latent-pad"]:not(.pad-loading)')).to_be_visible()
    expect(bar).to_be_hidden()


def test_a_component_whose_scripts_do_not_come_says_so_in_its_place(
    page: Page, server: str
) -> None:
    page.route("**/scripts/**", lambda route: route.abort())
    page.goto(server, wait_until="domcontentloaded")
    sentence = page.get_by_text("This part of the page could not be loaded")
    expect(sentence).to_be_visible(timeout=60_000)
    expect(sentence).to_contain_text("Reload the page.")


# holds back the second half of a decoder until it is told to go on
HALF_OF_A_PAYLOAD = """
const ask = globalThis.fetch;
const told = new Promise((resolve) => { globalThis.goOn = resolve; });
globalThis.fetch = async (address, ...others) => {
  const answer = await ask(address, ...others);
  if (!String(address).includes("/payload/decoder/")) return answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const half = bytes.length / 2;
  const body = new ReadableStream({
    async start(stream) {
      stream.enqueue(bytes.slice(0, half));
      await told;
      stream.enqueue(bytes.slice(half));
      stream.close();
    },
  });
  return new Response(body, { headers: answer.headers });
};
"""
