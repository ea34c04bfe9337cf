"""Run folders that nobody means well: each is shown, called damaged, or answered in a sentence."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.asking import Answer, ask
from tests.hostile import FEW, THINGS, VALUES, dumps, put
from tests.run_folders import config, line, snapshot, write_run
from ui.routes import runs as run_routes
from ui.train import words as train_words
from vae.errors import UserError
from vae.files.locks import is_held, take
from vae.files.writing import runs_folder
from vae.jobs import projections
from vae.latent.projection import TSNE
from vae.runs import control, orders, queue, snapshots, watch

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60
PLACES = (
    *(("status.json", key) for key in ("state", "phase", "step", "steps", "epoch", "seconds")),
    *(("status.json", key) for key in ("remaining", "error", "updated", "new")),
    *(("config.json", key) for key in ("dataset", "model", "training", "created", "new")),
    *(("config.json", f"model.{key}") for key in ("z_dim", "image_shape", "posterior")),
    *(("config.json", f"training.{key}") for key in ("objective", "seconds", "device")),
    *(("config.json", f"training.objective.{key}") for key in ("name", "beta", "warmup")),
    *(("metrics.jsonl", key) for key in ("step", "seconds", "beta", "kl_per_dim", "train")),
    *(("metrics.jsonl", f"validation.{key}") for key in ("elbo", "reconstruction", "kl")),
    *(("events.jsonl", key) for key in ("event", "step", "time", "words")),
    *(("control.jsonl", key) for key in ("id", "action", "value")),
)
FILES = ("status.json", "config.json", "metrics.jsonl", "events.jsonl", "control.jsonl", "lock")
EVENT = {"event": "started", "step": 0, "time": 1.0, "words": "x"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs for the examples of a property, which share a fixture."""
    return tmp_path_factory.mktemp("runs")


def get(address: str) -> Answer:
    """Ask the routes of the live view."""
    return ask(run_routes.routes(), address)


def told(answer: Answer) -> dict[str, Any]:
    """Read a body, in which only finite numbers are JSON, and that can be encoded."""
    assert answer.status == 200
    found = json.loads(answer.body, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    json.dumps(found, ensure_ascii=False).encode()
    return found


def put_value(path: Path, place: tuple[str, str], value: Any) -> None:
    """Write one of a run's files with another value at one place."""
    name, keys = place
    whole = {
        "config.json": config(),
        "metrics.jsonl": line(10),
        "events.jsonl": EVENT,
        "control.jsonl": {"id": "x", "action": "pause", "value": None},
    }
    found = whole.get(name) or json.loads((path / name).read_text())
    inner = found
    *parts, key = keys.split(".")
    for part in parts:
        inner[part] = dict(inner[part])
        inner = inner[part]
    inner[key] = value
    (path / name).write_text(dumps(found) + "\n")


def look(path: Path) -> watch.RunView:
    """Look at a run in every way there is; what is said of it can be shown."""
    found = watch.view(path.name)
    lines, _ = watch.metrics(path.name)
    said = [train_words.state_line(found), train_words.progress_line(found)]
    said += [train_words.model_line(found), train_words.when(found), found.error or ""]
    said += [train_words.score_line(line, 5) or "" for line in lines]
    said += [event.event for event in watch.events(path.name)]
    said += [order["action"] for order in orders.pending(path)]
    for text in said:
        text.encode()
    assert 0 <= found.progress <= 1
    assert [run.id for run in watch.runs()] == [path.name]
    return found


@FEW
@given(place=st.sampled_from(PLACES), value=VALUES)
@example(("status.json", "step"), 10**400)
@example(("status.json", "error"), "\ud800")
@example(("metrics.jsonl", "step"), 10**400)
@example(("metrics.jsonl", "validation.elbo"), 10**400)
@example(("config.json", "training.objective.beta"), float("nan"))
@example(("config.json", "model.z_dim"), "two")
@example(("config.json", "created"), 7)
def test_whatever_a_run_says_it_can_be_shown(
    runs: Path, place: tuple[str, str], value: Any
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_RUNS", str(runs))
        path = runs / "run"
        if not path.exists():
            write_run("run", "paused")
        before = (path / place[0]).read_bytes() if (path / place[0]).exists() else b""
        try:
            put_value(path, place, value)
            look(path)
            told(get("/run/run/live"))
        finally:
            (path / place[0]).write_bytes(before)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_in_a_files_place_is_no_file(thing: str, name: str) -> None:
    path = write_run("run", "paused")
    put(thing, path / name)
    found = look(path)
    states = {"config.json": "damaged", "status.json": "interrupted"}
    assert found.state == states.get(name, "paused")
    told(get("/run/run/live"))


@pytest.mark.parametrize("thing", ["pipe", "socket", "device", "folder"])
def test_an_order_to_a_thing_that_is_no_file_is_one_sentence(thing: str) -> None:
    path = write_run("run", "interrupted")
    put(thing, path / "control.jsonl")
    for ask_for in (control.pause, control.cancel):
        with pytest.raises(UserError, match="cannot (pause|cancel) the run run: it is a"):
            ask_for("run")


@pytest.mark.parametrize("thing", ["pipe", "socket", "device", "folder"])
def test_a_lock_that_is_no_file_is_held_by_nobody_and_cannot_be_taken(thing: str) -> None:
    path = write_run("run", "paused")
    put(thing, path / "lock")
    assert not is_held(path / "lock")
    with pytest.raises(OSError, match="is (no regular file|a folder)"):
        take(path / "lock")
    with pytest.raises(UserError, match="cannot lock the run run: it is a"):
        control.resume("run")


@pytest.mark.parametrize("thing", THINGS)
def test_a_ticket_that_is_no_file_is_passed_over(thing: str) -> None:
    path = write_run("run", "queued")
    (runs_folder() / ".queue").mkdir()
    put(thing, runs_folder() / ".queue" / f"{7:020d}")
    with take(path / "lock"):
        queue.enter(path)
        assert queue.waiting() == [path]
        assert queue.position(path) == 1


@pytest.mark.parametrize("named", [b"", b"/", b"x", b"/a\0b", b"/" + b"x" * 5000, b"/\xff", b"\n"])
@pytest.mark.parametrize("number", ["0" * 20, "9" * 20, "7", "٣" * 20])
def test_a_ticket_that_names_no_run_is_passed_over(number: str, named: bytes) -> None:
    path = write_run("run", "queued")
    (runs_folder() / ".queue").mkdir()
    (runs_folder() / ".queue" / number).write_bytes(named)
    with take(path / "lock"):
        queue.enter(path)
        assert queue.position(path) == 1


@pytest.mark.parametrize("thing", THINGS)
def test_a_run_is_removed_whatever_it_and_the_trash_hold(thing: str) -> None:
    path = write_run("run", "paused")
    put(thing, path / "log.txt")
    (runs_folder() / ".trash").mkdir()
    put(thing, runs_folder() / ".trash" / "other")
    trashed = control.remove("run")
    assert watch.runs() == []
    assert control.restore(trashed) == path


# ---- snapshots -------------------------------------------------------------------------------


def arrays() -> dict[str, np.ndarray]:
    """The arrays of a snapshot as it should be."""
    return snapshots.columns(snapshot(30))


def prior_arrays() -> dict[str, np.ndarray]:
    """What a snapshot of a learned prior has beside."""
    extent, draws = np.array([-1, 1, -1, 1], np.float32), np.array([0])
    return {"prior": np.zeros((8, 8), np.float16), "prior_extent": extent, "prior_draws": draws}


def save(**changes: Any) -> None:
    """Write the snapshot of step 30 of a run with other arrays."""
    path = write_run("run", "paused") / "snapshots" / "000030.npz"
    np.savez(path, **(arrays() | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"loc": np.full((40, 2), np.nan, np.float32)},
        {"loc": np.full((40, 2), 1e38, np.float32)},
        {"loc": np.zeros((40, 2))},
        {"loc": np.zeros((40, 0), np.float32)},
        {"loc": np.array([[None] * 2] * 40)},
        {"scale": np.full((40, 2), -1, np.float32)},
        {"axes": np.full((2, 2), 7, np.float32)},
        {"label": np.full(40, 2**40)},
        {"label": np.zeros(40)},
        {"sample": np.zeros((3, 1, 8, 8), np.uint8)},
        {"original": np.zeros((16, 1, 8, 8))},
        {"more": np.zeros(1)},
        {"tril": np.zeros((40, 2), np.float16)},
        {"tril": np.full((40, 3), np.inf, np.float16)},
        prior_arrays() | {"prior": np.full((8, 8), np.nan, np.float16)},
        prior_arrays() | {"prior": np.ones((8, 8), np.float16)},
        prior_arrays() | {"prior": np.zeros((400, 400), np.float16)},
        prior_arrays() | {"prior": np.zeros((8, 8))},
        prior_arrays() | {"prior_extent": np.array([1, -1, -1, 1], np.float32)},
        prior_arrays() | {"prior_extent": np.array([-1, 1, np.nan, 1], np.float32)},
        prior_arrays() | {"prior_draws": np.array([-1])},
        {"prior": prior_arrays()["prior"]},
    ],
)
def test_a_snapshot_of_other_arrays_is_damaged(changes: dict[str, np.ndarray]) -> None:
    save(**changes)
    with pytest.raises(UserError, match="snapshot of step 30 is damaged"):
        watch.snapshot("run", 30)
    assert get("/run/run/snapshot/30").status == 409


def test_a_snapshot_of_a_learned_prior_is_served() -> None:
    save(**prior_arrays())
    assert get("/run/run/snapshot/30").status == 200


def write_archive(member: bytes, packing: int = zipfile.ZIP_DEFLATED) -> None:
    """Write an archive whose first array is these bytes."""
    path = write_run("run", "paused") / "snapshots" / "000030.npz"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("loc.npy", member)


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    """The start of a file of one array."""
    start = io.BytesIO()
    described = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(start, described)
    return start.getvalue()


@pytest.mark.parametrize(
    ("member", "packing"),
    [
        (header((10**12, 2)), zipfile.ZIP_STORED),
        (header((-1, 2)), zipfile.ZIP_STORED),
        (header((2,), "|O") + b"x" * 16, zipfile.ZIP_STORED),
        (header((2, 2)) + b"x" * 16, zipfile.ZIP_LZMA),
        (header((2, 2)) + b"x" * 16, zipfile.ZIP_BZIP2),
        (header((30 << 20,)) + bytes(120 << 20), zipfile.ZIP_DEFLATED),
        (b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535, zipfile.ZIP_STORED),
    ],
    ids=["more than there is", "negative", "object", "lzma", "bzip2", "bomb", "nested"],
)
def test_an_archive_that_unpacks_to_more_than_it_may_is_damaged(
    member: bytes, packing: int
) -> None:
    write_archive(member, packing)
    with pytest.raises(UserError, match="snapshot of step 30 is damaged"):
        watch.snapshot("run", 30)


@pytest.mark.parametrize("thing", THINGS)
def test_a_snapshot_that_is_no_file_is_one_sentence(thing: str) -> None:
    path = write_run("run", "paused")
    put(thing, path / "snapshots" / "000030.npz")
    told(get("/run/run/live"))
    answer = get("/run/run/snapshot/30")
    assert answer.status == 409
    assert "\n" not in answer.body.decode()


@pytest.mark.parametrize("step", ["9" * 20, "9" * 5000, "-1", "1e3", "x", "٣", "%00"])
def test_a_step_that_is_none_is_answered_in_a_sentence(step: str) -> None:
    write_run("run", "paused")
    answer = get(f"/run/run/snapshot/{step}")
    assert answer.status == 409
    assert b"no snapshot of step" in answer.body


def test_a_file_is_a_snapshot_only_under_the_name_of_its_step(tmp_path: Path) -> None:
    for name in ("12", "000012", "٣٤٥٦٧٨", "0000012", "9" * 40):
        (tmp_path / f"{name}.npz").touch()
    assert snapshots.steps(tmp_path) == [12, int("9" * 40)]


# ---- projections -----------------------------------------------------------------------------


@FEW
@given(
    key=st.sampled_from(("state", "phase", "progress", "seconds", "started", "ends", "error")),
    value=VALUES,
)
def test_whatever_a_projection_says_it_can_be_shown(runs: Path, key: str, value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_RUNS", str(runs))
        folder = runs / ".cache" / "projections"
        folder.mkdir(parents=True, exist_ok=True)
        for state in ("running", "failed"):
            said = {"state": state, "phase": "arranging", "progress": 0.5} | {key: value}
            (folder / f"{'0' * 64}.json").write_text(dumps(said))
            found = projections.status("0" * 64)
            assert 0 <= found.progress <= 1
            (found.error or "").encode()


@pytest.mark.parametrize("kind", ["npz", "json", "lock"])
@pytest.mark.parametrize("thing", THINGS)
def test_a_projection_whose_file_is_no_file_is_not_there(thing: str, kind: str) -> None:
    folder = runs_folder() / ".cache" / "projections"
    folder.mkdir(parents=True)
    points = np.zeros((5, 3), np.float32)
    key = projections.key_of(points, TSNE())
    put(thing, folder / f"{key}.{kind}")
    assert projections.status(key).state == "none"
    with pytest.raises(UserError, match="start it again"):
        projections.result(key)


# ---- the page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("status.json", b'{"state": "failed", "step": 1e999, "error": "\\ud800"}'),
        ("status.json", b'{"state": "failed", "step": -7, "seconds": 1e300, "error": [1]}'),
        ("config.json", b'{"dataset": "\\ud800", "model": {}, "training": {}, "created": ""}'),
        ("metrics.jsonl", b'{"step": 5, "validation": {"elbo": 1' + b"0" * 400 + b"}}\n"),
        ("control.jsonl", b"[" * 100_000),
    ],
)
def test_the_page_shows_such_a_run(name: str, content: bytes) -> None:
    path = write_run("run", "failed", error="no room")

    (path / name).write_bytes(content)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN).run()
    app.switch_page("pages/train.py")
    app.session_state["train_shown"] = "run"
    app.run()
    assert not app.exception
    assert app.button(key="train.new")
