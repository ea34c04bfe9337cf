"""Fetch the files of a data set: several mirrors, resumable, checked, never half-written.

pooch checks the checksum of what came and moves it to its final name. What pooch lacks, continuing
an interrupted download, is `_Resuming`.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests

from vae.data.files import Progress, RemoteFile
from vae.errors import UserError
from vae.files import disk, locks

CHUNK = 1 << 16
CONNECT_SECONDS, SILENCE_SECONDS = 5, 30
ROUNDS = 10
Report = Callable[[int], None]


class Unreachable(UserError):
    """No mirror delivered; the message gives the reason of each."""


class _Interrupted(Exception):
    """The answer ended before the file did."""


def fetch(
    files: tuple[RemoteFile, ...],
    folder: Path,
    mirrors: tuple[str, ...],
    progress: Progress | None = None,
) -> None:
    """Download files into a folder, trying one mirror after the other.

    A file that is there already is left alone. What an interrupted download brought stays beside
    its target as `<name>.part` and is continued.

    Raises
    ------
    Unreachable
        If no mirror delivers.
    UserError
        If the folder cannot be written to, or the disk is full.
    """
    total, done = sum(file.size for file in files), 0
    with _disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            for file in files:
                if not (folder / file.name).exists():
                    _fetch(file, folder, mirrors, _shifted(progress, done, total))
                done += file.size


def _fetch(file: RemoteFile, folder: Path, mirrors: tuple[str, ...], report: Report) -> None:
    """Ask the mirrors in turn, and again while a round brings the download forward."""
    part = folder / f"{file.name}.part"
    failures: dict[str, str] = {}
    for _ in range(ROUNDS):
        before = _length(part)
        for mirror in mirrors:
            failure = _attempt(file, folder, mirror, report)
            if failure is None:
                return
            failures[mirror] = failure
        if _length(part) <= before:
            break
    reasons = "; ".join(f"{_origin(url)}: {why}" for url, why in failures.items())
    raise Unreachable(f"{file.name} could not be downloaded ({reasons})")


def _attempt(file: RemoteFile, folder: Path, mirror: str, report: Report) -> str | None:
    """Download from one mirror; return what went wrong, or None."""
    pooch.get_logger().setLevel("WARNING")
    fetcher = _Resuming(folder / f"{file.name}.part", file.size, report)
    url, checksum = mirror + file.name, f"md5:{file.md5}"
    try:
        pooch.retrieve(url, checksum, file.name, folder, downloader=fetcher)
    except requests.HTTPError as error:
        # an answer that is an error counts as false
        return "an error" if error.response is None else f"answered {error.response.status_code}"
    except requests.Timeout:
        return "no answer in time"
    except requests.exceptions.ChunkedEncodingError:
        return "the connection was cut"
    except requests.RequestException:
        return "no connection"
    except _Interrupted as error:
        return str(error)
    except ValueError:
        if not fetcher.delivered:
            raise
        # pooch has thrown the file away. What spoilt it may be the part that was there before.
        if fetcher.resumed:
            return _attempt(file, folder, mirror, report)
        return "what it sent does not match the checksum"
    return None


class _Resuming:
    """Downloader for pooch that keeps what came in a file of its own and continues from there."""

    def __init__(self, part: Path, size: int, report: Report) -> None:
        self.part, self.size, self.report = part, size, report
        self.resumed = self.delivered = False

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        with self._ask(url) as response:
            response.raise_for_status()
            self.resumed = response.status_code == 206
            writing = disk.continued if self.resumed else disk.created
            with writing(self.part) as part:
                self._receive(response, part)
        os.replace(self.part, output_file)
        self.delivered = True

    def _ask(self, url: str) -> requests.Response:
        """Ask for what is missing; for everything if the server cannot go on from there."""
        start = _length(self.part)
        # Without "identity" a server may compress on the way, and lengths mean nothing.
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        timeout = (CONNECT_SECONDS, SILENCE_SECONDS)
        response = requests.get(url, headers=headers, stream=True, timeout=timeout)
        fits = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        if start and response.status_code in (206, 416) and not fits:
            response.close()
            self.part.unlink()
            return self._ask(url)
        return response

    def _receive(self, response: requests.Response, part: disk.Sink) -> None:
        """Append the answer to the part and insist on the file's length."""
        done = part.tell()
        for piece in response.iter_content(CHUNK):
            part.write(piece)
            done += len(piece)
            self.report(min(done, self.size))
            # A server that goes on and on must not fill the disk; the checksum refuses the file.
            if done > self.size:
                return
        if done < self.size:
            raise _Interrupted(f"sent {done} of {self.size} bytes")


def _origin(url: str) -> str:
    """Scheme and host: two mirrors may differ in either."""
    return "://".join(urlsplit(url)[:2])


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _shifted(progress: Progress | None, before: int, total: int) -> Report:
    """Turn the bytes of one file into the bytes of all of them."""
    if progress is None:
        return lambda done: None
    return lambda done: progress(before + done, total)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait while another process or thread downloads into the folder."""
    with locks.hold(folder / ".lock"):
        yield


@contextlib.contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Tell trouble with the disk in one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            problem = f"no space is left on the disk of {folder}"
            remedy = "free some, or set VAE_DATA to a folder on another disk"
        else:
            problem = f"{folder} cannot be written to ({error.strerror or error})"
            remedy = "set VAE_DATA to a folder that you may write to"
        raise UserError(f"{problem}; {remedy}") from error
