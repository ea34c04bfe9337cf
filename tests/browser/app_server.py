"""The real app under `streamlit run`, as a process of its own for the browser's tests."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


def free_port() -> int:
    """Return a TCP port on this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_environment(port: int, settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of a server on `port`; a developer's own settings stay outside."""
    ours = {
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    }
    foreign = ("STREAMLIT_", "VAE_CHECKPOINTS", "VAE_SHARED", "VAE_READONLY")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | ours | settings


@contextlib.contextmanager
def app_server(log: Path, settings: dict[str, str]) -> Iterator[str]:
    """Serve app.py with `settings` in its environment and yield the address, "http://…:port"."""
    with app_process(log, settings) as (address, _):
        yield address


@contextlib.contextmanager
def app_process(log: Path, settings: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Serve app.py as `app_server` does; yield its address and the number of its process.

    The server and every process it started are gone afterwards. RuntimeError with the end of
    `log`, where all output goes, if it does not answer within `START_SECONDS`.
    """
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py"],
            cwd=ROOT,
            env=server_environment(port, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(process, address, log)
        yield address, process.pid
    finally:
        kill_tree(process)


def wait_until_healthy(process: subprocess.Popen, address: str, log: Path) -> None:
    """Return once the server answers; RuntimeError if it ends or `START_SECONDS` pass first."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        time.sleep(0.1)
    raise RuntimeError(f"streamlit did not start; its last output:\n{log.read_text()[-4000:]}")


def kill_tree(process: subprocess.Popen) -> None:
    """Kill a process and all its descendants, those in sessions of their own too."""
    doomed = [process.pid, *descendants(process.pid)]
    for pid in doomed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=30)


def descendants(pid: int) -> list[int]:
    """Return the children of `pid`, their children and so on."""
    parent_of = parents()
    found = [pid]
    for ancestor in found:
        found += [child for child, parent in parent_of.items() if parent == ancestor]
    return found[1:]


def parents() -> dict[int, int]:
    """Return the parent of each process: from /proc on Linux, from `ps` on a Mac."""
    if not Path("/proc/self/stat").exists():
        listing = subprocess.run(["ps", "-Ao", "pid=,ppid="], capture_output=True, check=True)
        pairs = (line.split() for line in listing.stdout.splitlines())
        return {int(child): int(parent) for child, parent in pairs}
    parent_of = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # "pid (name) state ppid …", where the name may hold spaces and brackets.
            parent_of[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return parent_of
