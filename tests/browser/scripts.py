"""The project's own scripts in a page without the app: served under an address of their own."""

from playwright.sync_api import Page, Route

from vae import web

ADDRESS = "http://scripts.test/"
LOAD = """async ([name, addresses]) => {
  const modules = await Promise.all(addresses.map((address) => import(address)));
  globalThis[name] = Object.assign({}, ...modules);
}"""


def load(page: Page, name: str, *paths: str) -> None:
    """Let `name` hold in `page` what the scripts export; the paths are those below `vae/web`."""
    page.route(f"{ADDRESS}**", _answer)
    page.evaluate(LOAD, [name, [ADDRESS + path for path in paths]])


def _answer(route: Route) -> None:
    text = web.scripts().texts.get(route.request.url.removeprefix(ADDRESS))
    if text is None:
        route.fulfill(status=404)
        return
    # a page that came from nowhere is of no origin
    headers = {"Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*"}
    route.fulfill(body=text, headers=headers)
