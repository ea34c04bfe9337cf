"""What a run hears while it trains: orders in its folder, and signals from the system."""

import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from vae.errors import UserError
from vae.runs import orders
from vae.runs.folder import RunFolder
from vae.training.loop import Trainer

LISTEN_SECONDS = 0.1


class Listener:
    """Hears what asks a run to change or end: orders in its control.jsonl, Ctrl-C, a SIGTERM."""

    def __init__(self, folder: RunFolder):
        self.folder, self.signalled = folder, False
        self.trainer: Trainer | None = None
        self.is_due: Callable[[], bool] = lambda: False
        """Whether something else is to be done between two steps."""
        self._seen: tuple[float, int] | None = None
        self._orders: list[dict[str, Any]] = []
        self._changes: list[dict[str, Any]] = []
        # the step after which each order of an epoch pauses the run
        self._pauses: dict[str, int] = {}

    def to_end(self) -> bool:
        """Tell whether the run should end now; look into control.jsonl where it has changed."""
        return self.state() is not None or self.folder.is_lost()

    def state(self) -> str | None:
        """Say what the run becomes by ending now; None where nothing asks for it."""
        self._look()
        if self.signalled:
            return "cancelled"
        return orders.ending(self._orders) or ("paused" if self._has_stepped() else None)

    def gives_up(self) -> bool:
        """Tell whether the run should end without waiting until it can be saved."""
        return self.state() == "cancelled" or self.folder.is_lost()

    def unheard(self) -> list[dict[str, Any]]:
        """List the changes that the trainer has not heard of, the oldest first."""
        self._look()
        heard = set(self.trainer.steered.heard) if self.trainer else set()
        return [order for order in self._changes if order["id"] not in heard]

    def settle_pause(self) -> None:
        """Let the trainer pause where it is asked for so many epochs and then a pause."""
        self._look()
        if self.trainer is None:
            return
        for order in self._steps():
            epochs = order["value"] if isinstance(order["value"], int) else 1
            ahead = max(1, epochs) * self.trainer.steps_per_epoch
            self._pauses.setdefault(order["id"], self.trainer.step + ahead)
        ends = [self._pauses[order["id"]] for order in self._steps()]
        self.trainer.pause_at = min(ends, default=math.inf)

    def _steps(self) -> list[dict[str, Any]]:
        return [order for order in self._orders if order["action"] == orders.STEP]

    def _has_stepped(self) -> bool:
        ends = (self._pauses.get(order["id"]) for order in self._steps())
        step = self.trainer.step if self.trainer else 0
        return any(end is not None and step >= end for end in ends)

    def _has_news(self) -> bool:
        unknown = any(order["id"] not in self._pauses for order in self._steps())
        return unknown or bool(self.unheard())

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stop the trainer after the step under way as soon as something asks for it."""
        done = threading.Event()

        def listen() -> None:
            while not done.wait(LISTEN_SECONDS):
                # a full disk, for one, must not make it deaf
                with suppress(UserError, OSError):
                    if self.trainer is None:
                        continue
                    asked = self.trainer.asked or self.is_due() or self._has_news()
                    self.trainer.asked = asked
                    if self.to_end():
                        self.trainer.stopping = True

        listener = threading.Thread(target=listen, name="orders", daemon=True)
        listener.start()
        try:
            with self._hearing_signals():
                yield
        finally:
            done.set()
            listener.join()

    @contextmanager
    def _hearing_signals(self) -> Iterator[None]:
        def stop(number: int, frame: Any) -> None:
            if self.signalled:
                raise KeyboardInterrupt  # asked twice: no longer after the step, but now
            self.signalled = True
            if self.trainer is not None:
                self.trainer.stopping = True

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _look(self) -> None:
        try:
            stat = (self.folder.path / orders.CONTROL).stat()
        except OSError:
            return
        if (stat.st_mtime_ns, stat.st_size) == self._seen:
            return
        self._orders = orders.pending(self.folder.path)
        self._changes = orders.changes(self.folder.path)
        self._seen = stat.st_mtime_ns, stat.st_size
