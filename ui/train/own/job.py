"""Looking at files and preparing them: one at a time on a server, with progress and a stop."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from vae.errors import UserError
from vae.files import owner

AT_ONCE = 0.4
"""Seconds that a page waits before it shows a bar."""

Tell = Callable[[int, int], None]
_turn = threading.Semaphore()
"""One at a time: the memory that pictures take while they are read is needed once."""


class Stopped(Exception):
    """The visitor has pressed Stop."""


class Job:
    """A computation in a thread of its own, which tells how far it is.

    ``work(tell)`` computes the result; ``tell(done, total)`` ends it where it was stopped.
    """

    def __init__(self, work: Callable[[Tell], Any]):
        self.done = self.total = 0
        self.result: Any = None
        self.error: str | None = None
        """Why it failed, in a sentence."""
        self.refusal: UserError | None = None
        """What it was refused by, where that was a mistake of the visitor's."""
        self.waits = True
        """Whether it waits for its turn."""
        self._work = work
        self._stopped, self._ended = threading.Event(), threading.Event()
        threading.Thread(target=owner.carried(self._run), daemon=True).start()
        self._ended.wait(AT_ONCE)

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self._ended.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End it; what it has written is removed."""
        self._stopped.set()

    def wait(self) -> None:
        """Wait until it has ended."""
        self._ended.wait()

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stopped.is_set():
            raise Stopped

    def _run(self) -> None:
        try:
            with _turn:
                self.waits = False
                self._tell(0, 0)
                self.result = self._work(self._tell)
        except Stopped:
            pass
        except UserError as error:
            self.error, self.refusal = str(error), error
        except Exception as error:
            logging.getLogger(__name__).exception("own images failed")
            self.error = (
                f"reading the images failed ({type(error).__name__}); bring fewer at a time, or "
                "save them as PNG files"
            )
        finally:
            self._ended.set()
