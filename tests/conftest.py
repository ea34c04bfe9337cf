"""Fixtures for all tests: one thread, seeded draws, an environment of their own, no network."""

import ipaddress
import os
import sys
import threading
import time
from pathlib import Path

# Before torch is imported, and inherited by the processes that tests start.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import torch

BROWSER_TESTS = Path(__file__).parent / "browser"


LEAVING_SECONDS = 5.0
"""So long, all together, threads that still compute may take when all tests are over."""


def pytest_unconfigure() -> None:
    """Let threads that compute come to their end: torch aborts if the interpreter goes first."""
    end = time.monotonic() + LEAVING_SECONDS
    for thread in threading.enumerate():
        if thread.daemon:
            thread.join(max(0.0, end - time.monotonic()))


def _refuse_network(event: str, arguments: tuple) -> None:
    """Audit hook: only this machine can be reached, so no test can come to need a download."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host in (None, "", "localhost", b"localhost"):
        return
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ConnectionRefusedError(f"tests use no network, but one asked for {host!r}")


sys.addaudithook(_refuse_network)
torch.set_num_threads(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser's tests and run them last: what fails in a second is reported before."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker("browser")
    items.sort(key=lambda item: item.path.is_relative_to(BROWSER_TESTS))


@pytest.fixture
def generator() -> torch.Generator:
    """A generator seeded afresh for each test."""
    return torch.Generator().manual_seed(0)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep a test away from the developer's runs and settings; VAE_DATA stays for real data."""
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    for name in ("VAE_CHECKPOINTS", "VAE_SHARED", "VAE_READONLY"):
        monkeypatch.delenv(name, raising=False)
