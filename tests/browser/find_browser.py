"""Find a Chromium for the tests: `python -m tests.browser.find_browser [--install]`.

Prints the path of one that starts. With `--install` a missing one is first fetched, in the ways
that need nobody's answer; where none works, the command that does is printed and the exit
status is 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MAC_APPLICATIONS = ("Chromium", "Google Chrome", "Microsoft Edge")
COMMAND = ".venv/bin/python -m playwright install --with-deps chromium"
MISSING = (
    "the browser tests need a Chromium and found none that starts: run"
    f" `{COMMAND}`, or set VAE_BROWSER to the path of one"
)
PLAYWRIGHT = (sys.executable, "-m", "playwright")


def candidates() -> Iterator[str]:
    """Yield paths where a Chromium may be; a choice of the user's is the only one."""
    if chosen := os.environ.get("VAE_BROWSER"):
        yield chosen
        return
    yield from (shutil.which(name) or "" for name in NAMES)
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (f"{folder}/{name}.app/Contents/MacOS/{name}" for name in MAC_APPLICATIONS)
    yield playwrights_own()


def playwrights_own() -> str:
    """Return where Playwright keeps the Chromium it downloads, there or not."""
    # In a process of its own: Playwright leaves an event loop behind in the one that asks.
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=False
    )
    return answer.stdout.strip()


def starts(path: str) -> bool:
    """Tell whether `path` is a browser that runs, not a stub or one without its libraries."""
    if not Path(path).is_file():
        return False
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0


def find() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    return next((path for path in candidates() if path and starts(path)), None)


def ways_to_install() -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield the ways to get a browser without asking anybody; each a row of commands."""
    yield ((*PLAYWRIGHT, "install", "--no-shell", "chromium"),)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield ("apt-get", "update"), ("apt-get", "install", "-y", "chromium")
        # Where chromium is no package (Ubuntu): the libraries that Playwright's own one wants.
        yield ((*PLAYWRIGHT, "install-deps", "chromium"),)


def succeeds(command: tuple[str, ...], seconds: float = 240) -> bool:
    """Run one command to its end, showing its output; False if it fails or takes too long."""
    print("no browser found, trying:", *command, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        ran = subprocess.run(
            command, stdin=subprocess.DEVNULL, env=environment, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ran.returncode == 0


def install() -> str | None:
    """Return the path of a browser got by the first way that gives one, or None."""
    for commands in ways_to_install():
        if all(succeeds(command) for command in commands) and (path := find()):
            return path
    return None


def main(arguments: list[str]) -> int:
    """Print the browser's path; the exit status is 1 where there is none."""
    path = find() or (install() if "--install" in arguments else None)
    print(path or MISSING, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
