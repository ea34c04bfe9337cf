"""Waiting for a run's turn before torch is loaded, which takes 150 MB and seconds of a processor.

Many runs may wait at once, and each of them is a process.
"""

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vae.errors import UserError
from vae.files import lines, plain_json
from vae.files.locks import LOCK_VARIABLE
from vae.files.writing import write_atomically
from vae.runs import orders, queue, records

LOOK_SECONDS = 0.2


def wait_for(command: str | None, words: Sequence[str]) -> bool:
    """Wait until a run that another process started is the next one; False where it has ended.

    It concerns ``train --resume DIR`` where that process handed over the run's lock. What asks the
    run to pause or to end while it waits is obeyed.
    """
    if command != "train" or LOCK_VARIABLE not in os.environ or "--resume" not in words[:-1]:
        return True
    run = Path(words[words.index("--resume") + 1])
    while (queue.position(run) or 1) > 1:
        if state := orders.ending(orders.pending(run)):
            with suppress(OSError, UserError):
                _end(run, state)
                return False
            return True
        time.sleep(LOOK_SECONDS)
    return True


def _end(run: Path, state: str) -> None:
    """Write down that a run has ended before its first step, or before it went on."""
    now = time.time()
    status = plain_json.read_object(run / records.STATUS) | {
        "state": state,
        "phase": "",
        "updated": now,
    }
    step = records.read_status(run).step
    event = {"event": state, "step": step, "time": now}
    lines.append(run / records.EVENTS, json.dumps(event).encode())
    queue.leave(run)
    write_atomically(run / records.STATUS, json.dumps(status, indent=1).encode())
