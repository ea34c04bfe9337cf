"""Starting long work: a process of our own that outlives this one and inherits a lock."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from vae.files.locks import LOCK_VARIABLE
from vae.files.writing import ROOT


def launch(
    words: Sequence[str],
    lock: IO[bytes],
    environ: Mapping[str, str],
    log: IO[bytes] | None = None,
    module: str = "vae",
) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` with these words; its errors go to ``log``, all else nowhere.

    It inherits the lock and so holds it however it ends: there is no moment without one.

    Raises
    ------
    OSError
        When no process can be started.
    """
    # it finds this package, while relative paths keep their meaning
    paths = [str(ROOT), *filter(None, [environ.get("PYTHONPATH")])]
    own = {"PYTHONPATH": os.pathsep.join(paths), LOCK_VARIABLE: str(lock.fileno())}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env={**environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log or subprocess.DEVNULL,
        pass_fds=(lock.fileno(),),
        # it outlives the server, and Ctrl-C in the server's terminal
        start_new_session=True,
    )
    # somebody has to hear that it ended, or it stays in the process table
    threading.Thread(target=process.wait, name=f"{module} {words[0]}", daemon=True).start()
    return process
