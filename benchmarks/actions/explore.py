"""What a person does on the pad."""

from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.actions.action import Action
from benchmarks.actions.hand import MOVE, choose_model, key, point_at, press, visit

PAD = '[data-testid="latent-pad"]'
PAD_FRAMES = f"Number(one('{PAD}').dataset.frames)"
PAD_ALIVE = f"one('{PAD}:not(.pad-loading)[data-frames]')"


def switch_beside(page: Page) -> None:
    """Choose the first model that can stand beside, or none where one does."""
    chosen = page.get_by_role("combobox", name="Model beside", exact=True)
    alone = chosen.input_value() in ("", "none")
    chosen.click()
    page.get_by_role("option").nth(1 if alone else 0).click()


def explore() -> list[Action]:
    """The pad: all but the last four are answered by the browser alone."""

    def drawn(name: str, do: Callable[[Page], None], kinds: tuple[str, ...] = ()) -> Action:
        return Action("explore", name, do, f"{PAD_FRAMES} > before", PAD_FRAMES, kinds)

    plane = f'{PAD} [data-testid="latent-plane"]'
    beside = "one('[data-testid=\"decoded-image-beside\"]')"
    return [
        Action("explore", "open", visit("Explore"), PAD_ALIVE),
        drawn("hover over the map", point_at(plane), MOVE),
        drawn("press on the map", point_at(plane, press=True), ("pointerdown",)),
        drawn("slider z1, one key", key("ArrowRight", f'{PAD} input[aria-label="z1"]')),
        drawn("random", press("random", PAD)),
        Action(
            "explore",
            "another model",
            choose_model,
            f"{PAD_ALIVE}.dataset.model !== before",
            f"one('{PAD}').dataset.model",
        ),
        Action(
            "explore",
            "model beside, on or off",
            switch_beside,
            f"!!{beside} !== before && {PAD_ALIVE}",
            f"!!{beside}",
        ),
        Action(
            "explore",
            "explanation, open or closed",
            lambda page: page.get_by_text("What am I looking at?").click(),
            # its own animation takes half a second to the end
            "one('details').clientHeight !== before",
            "one('details').clientHeight",
        ),
    ]
