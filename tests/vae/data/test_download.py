"""Downloads against a server on this machine: resumed, checked, and never half-written."""

import contextlib
import dataclasses
import gzip
import hashlib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from vae.data import DATASETS, idx
from vae.data.download import CHUNK, Unreachable, fetch
from vae.data.files import RemoteFile
from vae.errors import UserError

NAME = "images.gz"
# Longer than a few of the downloader's chunks, so that a cut leaves something to continue from.
CONTENT = np.random.default_rng(0).bytes(1_000_003)


def remote(name: str, content: bytes) -> RemoteFile:
    return RemoteFile(name, hashlib.md5(content).hexdigest(), len(content))


FILES = (remote(NAME, CONTENT),)


class Handler(BaseHTTPRequestHandler):
    """Serves `server.contents`, in part where asked to."""

    def do_GET(self):
        server = self.server
        content = server.contents.get(self.path.lstrip("/"))
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        server.asked.append(start)
        if content is None:
            return self.answer(404, b"not here")
        if not start or not server.resumes:
            return self.answer(200, content)
        if start >= len(content):
            return self.answer(416, b"")
        start += server.shift
        span = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self.answer(206, content[start:], {"Content-Range": span})

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for key, value in {"Content-Length": len(body), **(headers or {})}.items():
            self.send_header(key, str(value))
        self.end_headers()
        cut = self.server.cuts.pop(0) if status != 404 and self.server.cuts else None
        with contextlib.suppress(ConnectionError):  # the client may have heard enough
            self.wfile.write(body[:cut])
        self.close_connection = True

    def log_message(self, *_):
        """Keep the tests' output clean."""


@pytest.fixture
def server(monkeypatch):
    """A server with knobs: `cuts` are the bytes after which coming answers break off."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.contents, server.cuts, server.asked = {NAME: CONTENT}, [], []
        server.resumes, server.shift = True, 0
        server.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def closed(monkeypatch):
    """Address of a port of this machine where nobody listens."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


def visible(folder) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_file_comes_whole_and_alone(server, tmp_path):
    fetch(FILES, tmp_path / "new" / "folder", (server.url,))
    assert (tmp_path / "new" / "folder" / NAME).read_bytes() == CONTENT
    assert visible(tmp_path / "new" / "folder") == {NAME}


def test_progress_rises_to_the_sum_of_all_files(server, tmp_path):
    server.contents["labels.gz"] = b"labels"
    seen = []
    files = (*FILES, remote("labels.gz", b"labels"))
    fetch(files, tmp_path, (server.url,), lambda done, total: seen.append((done, total)))
    total = len(CONTENT) + len(b"labels")
    assert seen == sorted(seen)
    assert {entry[1] for entry in seen} == {total}
    assert seen[-1] == (total, total)


def test_a_cut_connection_is_continued_where_it_broke(server, tmp_path):
    server.cuts = [500_000]
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT
    first, second = server.asked
    assert first == 0
    # What stood in a buffer when the connection broke may be asked for again.
    assert 300_000 < second <= 500_000


def test_a_download_given_up_is_continued_by_the_next_call(server, tmp_path):
    class Cancelled(Exception):
        pass

    def cancel(done, total):
        if done > total / 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(FILES, tmp_path, (server.url,), cancel)
    assert visible(tmp_path) == {f"{NAME}.part"}
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.asked[1] > len(CONTENT) // 2


def test_an_error_in_the_callback_is_not_taken_for_a_bad_file(server, tmp_path):
    def stop(done, total):
        raise UserError("enough")

    with pytest.raises(UserError, match="^enough$"):
        fetch(FILES, tmp_path, (server.url,), stop)


def test_another_mirror_continues_what_the_first_began(server, closed, tmp_path):
    server.cuts = [500_000]
    fetch(FILES, tmp_path, (closed, server.url, server.url.replace("127.0.0.1", "localhost")))
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_server_that_cannot_continue_starts_anew(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:400_000])
    server.resumes = False
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_server_that_continues_elsewhere_is_asked_anew(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:400_000])
    server.shift = 7
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.asked == [400_000, 0]


def test_a_part_that_is_all_there_but_was_not_renamed_does_no_harm(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT)
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_spoilt_part_is_thrown_away_and_fetched_anew(server, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"x" * 400_000)
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.asked == [400_000, 0]


def test_a_wrong_checksum_leaves_nothing_behind(server, tmp_path):
    server.contents[NAME] = CONTENT[::-1]
    with pytest.raises(Unreachable, match=f"{NAME} .* does not match the checksum"):
        fetch(FILES, tmp_path, (server.url,))
    assert visible(tmp_path) == set()


def test_a_page_in_the_files_place_is_refused(server, tmp_path):
    server.contents[NAME] = b"<html>please log in to the network</html>"
    with pytest.raises(Unreachable, match="127.0.0.1"):
        fetch(FILES, tmp_path, (server.url,))
    assert NAME not in visible(tmp_path)


def test_an_answer_without_end_is_left_after_the_files_length(server, tmp_path):
    server.contents[NAME] = CONTENT + bytes(10**7)
    reports = []
    with pytest.raises(Unreachable, match="does not match the checksum"):
        fetch(FILES, tmp_path, (server.url,), lambda done, total: reports.append(done))
    assert len(reports) <= len(CONTENT) // CHUNK + 1
    assert visible(tmp_path) == set()


def test_the_next_mirror_is_asked_when_one_lacks_the_file(server, tmp_path):
    fetch(FILES, tmp_path, (f"{server.url}empty/", server.url))
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_every_mirrors_reason_is_told(server, closed, tmp_path):
    server.contents = {}
    with pytest.raises(Unreachable) as error:
        fetch(FILES, tmp_path, (server.url, closed))
    assert "answered 404" in str(error.value)
    assert "no connection" in str(error.value)


def test_a_persons_file_is_used_as_it_is(server, tmp_path):
    (tmp_path / NAME).write_bytes(b"my own")
    fetch(FILES, tmp_path, (server.url,))
    assert (tmp_path / NAME).read_bytes() == b"my own"
    assert server.asked == []


def test_two_at_once_download_a_file_once(server, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(fetch, FILES, tmp_path, (server.url,)) for _ in range(2)]
    assert [job.result() for job in jobs] == [None, None]
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(server, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written to .*; set VAE_DATA"):
        fetch(FILES, tmp_path / "file", (server.url,))


def test_a_full_disk_is_one_sentence_and_leaves_no_file(server, tmp_path):
    # A device that answers every write with "no space left".
    (tmp_path / f"{NAME}.part").symlink_to("/dev/full")
    with pytest.raises(UserError, match="no space is left on the disk of .*; free some"):
        fetch(FILES, tmp_path, (server.url,))
    assert visible(tmp_path) == {f"{NAME}.part"}


def packed_idx(tmp_path, array) -> bytes:
    idx.write(tmp_path / "array", array)
    return gzip.compress((tmp_path / "array").read_bytes())


def test_a_data_set_is_downloaded_read_and_then_there(server, tmp_path):
    counts = (24, 24, 5, 5)
    arrays = [
        np.zeros((n, 28, 28)) if i % 2 == 0 else np.arange(n) % 10 for i, n in enumerate(counts)
    ]
    names = [file.name for file in DATASETS["mnist"].files]
    server.contents = {n: packed_idx(tmp_path, a) for n, a in zip(names, arrays, strict=True)}
    files = tuple(remote(name, content) for name, content in server.contents.items())
    source = dataclasses.replace(DATASETS["mnist"], files=files, mirrors=(server.url,))
    dataset = source.load(tmp_path)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (22, 2, 5)
    assert source.state(tmp_path) == "on this machine"
    assert len(server.asked) == 4


def test_only_what_is_missing_is_downloaded(server, tmp_path):
    names = [file.name for file in DATASETS["mnist"].files]
    (tmp_path / "mnist").mkdir()
    for name in names[1:]:
        (tmp_path / "mnist" / name.removesuffix(".gz")).write_bytes(b"mine")
    server.contents = {names[0]: CONTENT}
    files = tuple(remote(name, CONTENT) for name in names)
    source = dataclasses.replace(DATASETS["mnist"], files=files, mirrors=(server.url,))
    with pytest.raises(UserError, match="is not an IDX file"):
        source.load(tmp_path)
    assert len(server.asked) == 1
    assert (tmp_path / "mnist" / names[0]).read_bytes() == CONTENT


def test_offline_and_missing_is_one_sentence_with_the_remedy(closed, tmp_path):
    source = dataclasses.replace(DATASETS["mnist"], mirrors=(closed,))
    with pytest.raises(UserError) as error:
        source.load(tmp_path)
    sentence = str(error.value)
    expected = ("'mnist'", str(tmp_path / "mnist"), "no connection", "go online", "digits")
    assert all(words in sentence for words in expected)
    assert all(file.name in sentence for file in source.files)
    assert "\n" not in sentence


@pytest.mark.parametrize("name", [name for name, source in DATASETS.items() if source.files])
def test_an_entry_can_be_downloaded(name):
    source = DATASETS[name]
    assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in source.mirrors)
    assert all(len(bytes.fromhex(file.md5)) == 16 for file in source.files)
    assert source.download_bytes > 10**7
