"""What a person does with many draws at once, on the Generate page."""

from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import choose_model, key, press, visit

GENERATE = '[data-testid="generate"]'
PAGE = f"one('{GENERATE}').dataset"
ALIVE = f"one('{GENERATE}:not(.pad-loading)[data-ready]')"
FRAMES = f"Number({PAGE}.frames)"
VIEWS = {"Draws": "draws", "Manifold": "manifold", "Traversals": "traversals"}
# all pictures of the view are decoded
DONE = f"({FRAMES} > before && {PAGE}.done === 'true')"


def generate() -> list[Action]:
    """Walls of pictures and the map; all but the first and the last action stay in the browser."""

    def drawn(name: str, do: Callable[[Page], None], view: str = "Draws") -> Action:
        return Action("generate", name, do, DONE, FRAMES, prepare=seeing(view))

    slider, sky = f'{GENERATE} input[type="range"]', f'{GENERATE} [data-testid="manifold"]'
    return [
        Action("generate", "open", visit("Generate"), ALIVE),
        drawn("temperature, one key", key("ArrowRight", slider)),
        drawn("new draws", press("new draws", GENERATE)),
        Action(
            "generate",
            "a draw, large",
            key("Enter", f"{GENERATE} .gen-cell"),
            "one('.gen-card:not([hidden])')",
            prepare=seeing("Draws"),
        ),
        drawn("traversals", press("Traversals", GENERATE)),
        drawn("manifold", press("Manifold", GENERATE)),
        drawn("manifold, one key", key("ArrowRight", sky), "Manifold"),
        drawn("draws", press("Draws", GENERATE), "Traversals"),
        Action(
            "generate",
            "another model",
            choose_model,
            f"{ALIVE} && {PAGE}.model !== before",
            f"{PAGE}.model",
        ),
    ]


def seeing(view: str) -> Callable[[Page], None]:
    """Go to one of the page's views, with no picture large, and wait until it is drawn."""

    def do(page: Page) -> None:
        root = page.locator(GENERATE)
        root.get_by_role("button", name=view, exact=True).click()
        page.locator(f'{GENERATE}[data-view="{VIEWS[view]}"][data-done="true"]').wait_for()

    return do
