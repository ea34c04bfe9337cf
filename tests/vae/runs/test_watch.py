"""Looking at runs: whatever a crash left behind is borne with, and said in one sentence."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.run_folders import write_run
from vae.data import Split
from vae.errors import UserError
from vae.files.locks import take
from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs import orders, queue, snapshots, watch

CONFIG = {"dataset": "digits", "model": {"z_dim": 2}, "training": {}, "created": "2026-01-01"}
STATUS = {"state": "running", "phase": "training", "step": 40, "steps": 100, "seconds": 2.0}
MODEL = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))


def make(name: str = "run", config: object = CONFIG, status: object = STATUS) -> Path:
    folder = runs_folder() / name
    folder.mkdir(parents=True)
    for file, value in (("config.json", config), ("status.json", status)):
        if value is not None:
            text = value if isinstance(value, str) else json.dumps(value)
            (folder / file).write_text(text)
    return folder


def test_a_run_is_found_by_its_id_and_by_its_path():
    folder = make()
    with take(folder / "lock"):
        by_id, by_path = watch.view("run"), watch.view(folder)
    assert by_id == by_path
    assert (by_id.state, by_id.phase, by_id.step, by_id.steps) == ("running", "training", 40, 100)
    assert by_id.active
    assert not by_id.resumable


@pytest.mark.parametrize("name", ["nowhere", "../run", "", "a/b", ".queue", "x" * 300, "run\n"])
def test_an_unknown_run_is_refused_in_one_sentence(name):
    make()
    with pytest.raises(UserError, match=r"there is no run .* any more"):
        watch.view(name)


@pytest.mark.parametrize("state", ["running", "queued"])
def test_a_run_without_its_trainer_reads_as_interrupted(state):
    make(status=STATUS | {"state": state})
    found = watch.view("run")
    assert (found.state, found.resumable, found.active) == ("interrupted", True, False)


@pytest.mark.parametrize("state", ["paused", "finished", "cancelled", "failed"])
def test_a_run_that_ended_keeps_its_state(state):
    make(status=STATUS | {"state": state, "error": "no room"})
    found = watch.view("run")
    assert (found.state, found.error, found.phase) == (state, "no room", "")
    assert found.resumable == (state != "finished")


def test_a_run_that_ended_but_is_held_is_still_closing():
    folder = make(status=STATUS | {"state": "finished"})
    with take(folder / "lock"):
        assert watch.view("run").state == "running"


def test_a_waiting_run_knows_its_place():
    first, second = make("first", status={"state": "queued"}), make("second", status=None)
    with take(first / "lock"), take(second / "lock"):
        for run in (first, second):
            queue.enter(run)
        assert watch.view("first").position == 1
        assert (watch.view("second").state, watch.view("second").position) == ("queued", 2)


@pytest.mark.parametrize("config", [None, "{", "[]", "{}", json.dumps({"dataset": 3})])
def test_a_half_written_folder_is_called_damaged_and_listed(config):
    make(config=config)
    assert [run.state for run in watch.runs()] == ["damaged"]


HUGE = "1" + "0" * 400
NESTED = "[" * 100_000


@pytest.mark.parametrize(
    "status",
    ["{", "null", '{"state": 7}', '{"step": "x", "steps": NaN}', f'{{"step": {HUGE}}}', NESTED],
)
def test_a_damaged_status_hurts_nobody_and_the_run_can_go_on(status):
    make(status=status)
    assert [(run.state, run.resumable) for run in watch.runs()] == [("interrupted", True)]


@pytest.mark.parametrize("name", ["config.json", "metrics.jsonl", "events.jsonl", "control.jsonl"])
def test_nesting_without_end_hurts_nobody(name):
    folder = make()
    (folder / name).write_text(NESTED + "\n")
    assert watch.view("run").state in ("damaged", "interrupted")
    assert watch.metrics("run")[0] == watch.events("run") == orders.pending(folder) == []


def test_a_file_among_the_snapshots_that_is_none_is_passed_over():
    folder = make() / "snapshots"
    folder.mkdir()
    for name in ("²", "x", "000012"):
        (folder / f"{name}.npz").write_bytes(b"")
    assert watch.snapshots("run") == [12]


def test_runs_are_listed_newest_first_without_hidden_folders():
    for name, created in (("old", "2025"), ("new", "2026"), ("older", "2024")):
        make(name, CONFIG | {"created": created})
    (runs_folder() / ".queue").mkdir()
    (runs_folder() / "a file").write_text("")
    assert [run.id for run in watch.runs()] == ["new", "old", "older"]


def test_without_a_folder_there_are_no_runs():
    assert watch.runs() == []


def test_metrics_come_line_by_line_and_a_torn_one_later():
    folder = make()
    path = folder / "metrics.jsonl"
    path.write_text('{"step": 1}\n{"step": 2}\n{"st')
    found, offset = watch.metrics("run")
    assert [line.step for line in found] == [1, 2]
    assert watch.metrics("run", offset) == ([], offset)
    path.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n')
    assert [line.step for line in watch.metrics("run", offset)[0]] == [3]


def test_metrics_that_became_shorter_are_read_again():
    path = make() / "metrics.jsonl"
    path.write_text('{"step": 1}\n{"step": 2}\n')
    _, offset = watch.metrics("run")
    path.write_text('{"step": 1}\n')
    assert [line.step for line in watch.metrics("run", offset)[0]] == [1]


def test_junk_among_the_metrics_is_passed_over():
    path = make() / "metrics.jsonl"
    path.write_bytes(b'junk\n{"step": 1}\n{"step": "x"}\n[]\n\xff\n')
    assert [line.step for line in watch.metrics("run")[0]] == [1]


def test_a_run_without_metrics_yet_has_none():
    make()
    assert watch.metrics("run", 50) == ([], 0)
    assert watch.events("run") == []
    assert watch.snapshots("run") == []


def shot() -> snapshots.Snapshot:
    images = np.zeros((30, 1, 8, 8), np.uint8)
    split = Split(images, np.arange(30), np.zeros((30, 5), np.float32))
    return snapshots.take(build(MODEL), split, count=20)


def test_a_snapshot_takes_the_first_images_and_reads_back_the_same(tmp_path):
    taken = shot()
    snapshots.write(tmp_path, 7, taken)
    read = snapshots.read(tmp_path, 7)
    assert read.label.tolist() == list(range(20))
    for name in ("loc", "scale", "axes", "original", "reconstruction", "sample"):
        np.testing.assert_array_equal(getattr(read, name), getattr(taken, name))


def test_a_snapshot_of_a_learned_prior_and_of_covariances_reads_back_the_same(tmp_path):
    parts = {"prior": "mixture", "posterior": "full"}
    config = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)), **parts)
    taken = snapshots.take(build(config), Split(np.zeros((9, 1, 8, 8), np.uint8)))
    snapshots.write(tmp_path, 7, taken)
    read = snapshots.read(tmp_path, 7)
    for name in snapshots.OPTIONAL:
        np.testing.assert_array_equal(getattr(read, name), getattr(taken, name))
    # the axes are those of z: the marginal standard deviations are the lengths of the factor's rows
    rows = read.tril.astype(np.float32)
    widths = np.stack([rows[:, 0], np.hypot(rows[:, 1], rows[:, 2])], axis=1)
    # float16 has 11 binary digits
    np.testing.assert_allclose(widths, read.scale, rtol=2**-9)


def test_a_snapshot_of_an_older_program_opens_without_a_prior(tmp_path):
    snapshots.write(tmp_path, 7, shot())
    assert set(np.load(tmp_path / "000007.npz")) == set(snapshots.KINDS)
    assert snapshots.read(tmp_path, 7).prior is None


def test_samples_of_one_model_are_the_same_at_every_step_and_differ_from_one_another():
    first, second = shot().sample, shot().sample
    np.testing.assert_array_equal(first, second)
    assert len(np.unique(first.reshape(len(first), -1), axis=0)) > 1


def test_snapshots_are_thinned_out_but_the_first_and_the_newest_stay(tmp_path):
    taken = shot()
    for step in range(snapshots.MOST_KEPT + 1):
        snapshots.write(tmp_path, step, taken)
    kept = snapshots.steps(tmp_path)
    assert len(kept) <= snapshots.MOST_KEPT / 2 + 2
    assert (kept[0], kept[-1]) == (0, snapshots.MOST_KEPT)


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk"])
def test_a_damaged_snapshot_is_one_sentence(content):
    folder = make() / "snapshots"
    folder.mkdir()
    (folder / "000007.npz").write_bytes(content)
    with pytest.raises(UserError, match="snapshot of step 7 is damaged"):
        watch.snapshot("run", 7)


def test_a_snapshot_whose_arrays_do_not_fit_together_is_damaged(tmp_path):
    np.savez(
        tmp_path / "000001.npz",
        **{name: np.zeros((2, 2)) for name in ("loc", "scale", "label", "axes")},
        **{name: np.zeros((3, 1, 8, 8)) for name in ("original", "reconstruction", "sample")},
    )
    with pytest.raises(UserError, match="damaged"):
        snapshots.read(tmp_path, 1)


def test_a_snapshot_that_is_gone_is_one_sentence():
    make()
    with pytest.raises(UserError, match="no snapshot of step 7 any more"):
        watch.snapshot("run", 7)


def test_frames_of_many_dimensions_do_not_turn_or_flip():
    model = build(VAEConfig(image_shape=(1, 8, 8), z_dim=5, architecture=MLP(hidden=(16,))), 3)
    images = np.random.default_rng(0).integers(0, 256, (200, 1, 8, 8)).astype(np.uint8)
    first = snapshots.take(model, Split(images))
    # the same points seen again, from a plane whose axes point elsewhere
    turn = np.array([[0.0, -1.0], [-1.0, 0.0]], np.float32)
    turned = snapshots.Snapshot(**{**vars(first), "axes": turn @ first.axes})
    again = snapshots.take(model, Split(images), turned)
    np.testing.assert_allclose(again.projected, turned.projected, atol=1e-4)


def test_orders_count_from_the_last_time_the_run_went_on():
    folder = make()
    for action in ("pause", "resume", "pause", "cancel"):
        orders.add(folder, action)
    assert [order["action"] for order in orders.pending(folder)] == ["pause", "cancel"]
    assert orders.ending(orders.pending(folder)) == "cancelled"
    orders.add(folder, "resume")
    assert orders.ending(orders.pending(folder)) is None


def test_an_order_counts_once_and_junk_not_at_all():
    folder = make()
    line = json.dumps({"id": "x", "action": "pause", "value": None}).encode()
    junk = b'junk\n[]\n{}\n\xff\n{"id": [1], "action": "cancel"}\n'
    (folder / "control.jsonl").write_bytes(line + b"\n" + line + b"\n" + junk)
    assert len(orders.pending(folder)) == 1


def test_an_order_after_a_torn_line_is_a_line_of_its_own():
    folder = make()
    (folder / "control.jsonl").write_bytes(b'{"id": "torn", "act')
    orders.add(folder, "cancel")
    assert [order["action"] for order in orders.pending(folder)] == ["cancel"]


def test_an_order_to_a_run_that_is_gone_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="no run gone any more"):
        orders.add(tmp_path / "gone", "pause")


def test_flipping_any_byte_of_a_snapshot_gives_arrays_or_one_sentence(tmp_path):
    snapshots.write(tmp_path, 1, shot())
    path = tmp_path / "000001.npz"
    whole = path.read_bytes()
    generator = np.random.default_rng(0)
    refused = 0
    for place in generator.integers(0, len(whole), 400):
        damaged = bytearray(whole)
        damaged[place] ^= int(generator.integers(1, 256))
        path.write_bytes(damaged)
        try:
            snapshots.read(tmp_path, 1)
        except UserError:
            refused += 1
    assert refused > 100


def test_watching_loads_no_torch():
    script = "import sys, vae.runs.watch; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


OPENED: list[str] = []
COUNTING = [False]


def _note_opened(event: str, arguments: tuple) -> None:
    if event == "open" and COUNTING[0]:
        OPENED.append(str(arguments[0]))


sys.addaudithook(_note_opened)


def opened_by(look: Callable[[], object]) -> list[str]:
    """List the files below ``VAE_RUNS`` that looking opens."""
    OPENED.clear()
    COUNTING[0] = True
    try:
        look()
    finally:
        COUNTING[0] = False
    return [path for path in OPENED if path.startswith(str(runs_folder()))]


def test_listing_again_opens_nothing_of_runs_that_have_ended():
    for number in range(30):
        make(f"run-{number}", status=STATUS | {"state": "finished"})
    assert len(opened_by(watch.runs)) >= 60
    assert opened_by(watch.runs) == []
    assert len(watch.runs()) == 30


def test_a_listed_run_that_changes_is_seen_anew():
    folder = make(status=STATUS | {"state": "paused"})
    (listed,) = watch.runs()
    anew = folder / "anew"
    anew.write_text(json.dumps(STATUS | {"state": "finished"}))
    anew.replace(folder / "status.json")
    assert [listed.state, *(run.state for run in watch.runs())] == ["paused", "finished"]
    shutil.rmtree(folder)
    assert watch.runs() == []


def test_a_listed_run_whose_trainer_dies_reads_as_interrupted():
    folder = make()
    with take(folder / "lock"):
        (before,) = watch.runs()
    (after,) = watch.runs()
    assert (before.state, after.state) == ("running", "interrupted")


def test_the_folder_of_prepared_images_is_no_run() -> None:
    (runs_folder() / "images" / "cats").mkdir(parents=True)
    assert watch.runs() == []
    write_run("real", "finished")
    assert [run.id for run in watch.runs()] == ["real"]
