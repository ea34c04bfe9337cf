"""One thing that a person does on a page, and how the answer shows."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Action:
    """One thing to do with the hand."""

    page: str
    """Stem of the page's file."""
    name: str
    do: Callable[[Page], None]
    """Its last input event is where the time begins."""
    done: str
    """JavaScript that is true once the answer stands in the page (see `stopwatch.arm`)."""
    note: str = "null"
    """JavaScript whose value before the action is `before` in `done`."""
    kinds: tuple[str, ...] = ()
    """Events that begin the time where it is not a press or a key."""
    prepare: Callable[[Page], None] | None = None
    """What has to be done before, outside the time."""
    first: str = ""
    """Of an opening: JavaScript that is true once the page's first picture stands."""
    only: str = ""
    """"training" for what is there only while a run trains."""
