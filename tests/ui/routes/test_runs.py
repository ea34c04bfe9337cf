"""What the live view asks for: metrics from where it left off, snapshots, and refusals."""

import dataclasses
import json
import os
from typing import Any

import numpy as np
import pytest

from tests.asking import Answer, ask
from tests.run_folders import config, line, snapshot, write_run
from ui.routes import runs
from vae.export.payload import header_of
from vae.files.locks import take
from vae.runs import snapshots


def get(address: str) -> Answer:
    """Ask the routes of the live view."""
    return ask(runs.routes(), address)


def read(answer: Answer) -> dict[str, Any]:
    """Read a body, in which only finite numbers are JSON."""
    return json.loads(answer.body, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def test_the_first_answer_holds_everything_and_what_the_run_is() -> None:
    write_run("run", "paused")
    said = read(get("/run/run/live"))
    assert (said["state"], said["step"], said["steps"]) == ("paused", 60, 100)
    assert [row[0] for row in said["rows"]] == [15, 30, 45, 60]
    assert said["rows"][-1][1:3] == [6.0, 0.6]
    assert said["kl_per_dim"] == [1.0, 1.0]
    assert [step for step, _ in said["snapshots"]] == [15, 30, 45, 60]
    facts = said["facts"]
    assert (facts["z_dim"], facts["image_shape"]) == (2, [1, 8, 8])
    assert facts["has_density"] and facts["rings"] and facts["kl_per_dim"]
    assert len(facts["class_names"]) == 10


def test_a_later_answer_holds_only_what_is_new() -> None:
    path = write_run("run", "paused")
    first = read(get("/run/run/live"))
    with (path / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(line(70)) + "\n" + '{"step": 80, "tr')
    rest = read(get(f"/run/run/live?after={first['after']}&file={first['file']}"))
    assert [row[0] for row in rest["rows"]] == [70]
    assert not rest["reset"]
    assert "facts" not in rest
    # the torn line is told once it is whole
    again = read(get(f"/run/run/live?after={rest['after']}&file={rest['file']}"))
    assert again["rows"] == []


def test_metrics_that_were_written_anew_are_told_from_their_start() -> None:
    path = write_run("run", "paused")
    first = read(get("/run/run/live"))
    anew = path / "anew"
    anew.write_text("".join(json.dumps(line(step)) + "\n" for step in range(1, 20)))
    anew.replace(path / "metrics.jsonl")
    again = read(get(f"/run/run/live?after={first['after']}&file={first['file']}"))
    assert again["reset"]
    assert [row[0] for row in again["rows"]] == list(range(1, 20))


@pytest.mark.parametrize("query", ["after=-3", "after=x", "after=99999999999999999999", "file=%00"])
def test_a_strange_question_is_answered_from_the_start(query: str) -> None:
    write_run("run", "paused")
    answer = get(f"/run/run/live?{query}")
    assert answer.status == 200
    assert len(read(answer)["rows"]) == 4


@pytest.mark.parametrize("name", ["nowhere", "..", "..%2F..%2Fetc", ".queue", "a%00b", "x" * 300])
def test_only_runs_are_served(name: str) -> None:
    write_run("run", "paused")
    assert get(f"/run/{name}/live").status == 404
    assert get(f"/run/{name}/snapshot/15").status == 404


def test_a_refusal_is_one_sentence() -> None:
    answer = get("/run/nowhere/live")
    assert "no run" in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"


# without its status a run counts as interrupted, since that is what a loss of power may take
@pytest.mark.parametrize(
    ("damage", "state"),
    [("config.json", "damaged"), ("status.json", "interrupted"), ("metrics.jsonl", "finished")],
)
def test_a_half_written_folder_is_no_error(damage: str, state: str) -> None:
    path = write_run("run", "finished")
    (path / damage).write_bytes(b'{"torn\xff')
    assert read(get("/run/run/live"))["state"] == state


def test_numbers_that_are_not_finite_become_null() -> None:
    path = write_run("run", "paused")
    with (path / "metrics.jsonl").open("a") as file:
        file.write(
            '{"step": 99, "train": {"elbo": NaN}, "validation": 3, "kl_per_dim": [Infinity]}\n'
        )
    said = read(get("/run/run/live"))
    assert said["rows"][-1] == [99, *[None] * 9]
    assert said["kl_per_dim"] == [None]


def test_a_run_says_when_its_trainer_lives() -> None:
    path = write_run("run", "running", phase="measuring")
    with take(path / "lock"):
        said = read(get("/run/run/live"))
    assert (said["state"], said["phase"]) == ("running", "measuring")
    assert read(get("/run/run/live"))["state"] == "interrupted"


def arrays(body: bytes) -> dict[str, np.ndarray]:
    """Read the arrays of a snapshot's payload as the browser does."""
    header = header_of(body)
    start = 4 + int.from_bytes(body[:4], "little")
    kinds = {"loc": "<f4", "scale": "<f4", "label": "<i2", "tril": "<f2", "prior": "<f2"}
    found = {}
    for name, entry in header["arrays"].items():
        count = int(np.prod(entry["shape"]))
        kind = np.dtype(kinds.get(name, "u1"))
        found[name] = np.frombuffer(body, kind, count, start + entry["offset"])
        found[name] = found[name].reshape(entry["shape"])
    return found


@pytest.mark.parametrize(
    ("objective", "weight", "warms_up"),
    [
        ({"name": "elbo", "beta": 4.0}, 4.0, False),
        ({"name": "elbo", "beta": 4.0, "warmup": 0.5, "cycles": 2}, 4.0, True),
        ({"name": "elbo", "warmup_steps": 9}, 1.0, True),
        ({"name": "beta-tcvae", "beta": 6.0}, 1.0, False),
        ({"name": "info-vae", "alpha": 0.5}, 0.5, False),
        ({"name": "of another version", "beta": 4.0}, None, False),
    ],
)
def test_the_weight_of_the_kl_is_told_as_the_objective_has_it(objective, weight, warms_up) -> None:
    path = write_run("run", "paused")
    described = config()
    described["training"]["objective"] = objective
    (path / "config.json").write_text(json.dumps(described))
    facts = read(get("/run/run/live"))["facts"]
    assert (facts["beta"], facts["warms_up"]) == (weight, warms_up)


def test_a_learned_scale_of_the_pixels_is_told_with_every_report() -> None:
    path = write_run("run", "paused")
    told = read(get("/run/run/live"))
    assert told["facts"]["learns_scale"] is False
    assert {row[-1] for row in told["rows"]} == {None}
    described = config()
    described["model"]["likelihood"] = {"name": "gaussian", "scale": 0.1, "learned": True}
    (path / "config.json").write_text(json.dumps(described))
    reports = [line(15) | {"pixel_scale": 0.31}, line(30) | {"pixel_scale": -1}]
    text = "".join(json.dumps(report) + "\n" for report in reports)
    (path / "metrics.jsonl").write_text(text)
    told = read(get("/run/run/live"))
    assert told["facts"]["learns_scale"] is True
    assert [row[-1] for row in told["rows"]] == [0.31, None]


def test_a_scale_for_each_position_is_told_to_be_one() -> None:
    path = write_run("run", "paused")
    described = config()
    described["model"]["likelihood"] = {"name": "gaussian-per-pixel"}
    (path / "config.json").write_text(json.dumps(described))
    facts = read(get("/run/run/live"))["facts"]
    assert facts["learns_scale"] is facts["scale_by_position"] is True


def test_a_snapshot_is_projected_on_its_own_axes() -> None:
    write_run("run", "paused", z_dim=5)
    kept = snapshot(30, 5)
    found = arrays(get("/run/run/snapshot/30").body)
    assert np.allclose(found["loc"], kept.loc @ kept.axes.T, atol=1e-6)
    # independent dimensions of one σ have that σ along every unit vector
    assert np.allclose(found["scale"], 0.5, atol=1e-6)
    assert np.array_equal(found["label"], kept.label)
    for name in ("original", "reconstruction", "sample"):
        assert np.array_equal(found[name], getattr(kept, name))


def written(posterior: str, z_dim: int = 2, **more: np.ndarray) -> Answer:
    """Ask for the only snapshot of a run with this posterior."""
    path = write_run("run", "paused", z_dim=z_dim, reports=1)
    described = config(z_dim)
    described["model"]["posterior"] = {"name": posterior}
    (path / "config.json").write_text(json.dumps(described))
    shot = dataclasses.replace(snapshot(60, z_dim), **more)
    snapshots.write(path / "snapshots", 60, shot)
    return get("/run/run/snapshot/60")


def test_posteriors_that_factorise_have_their_covariances_on_the_plane() -> None:
    entries = arrays(written("gaussian", z_dim=5).body)["tril"]
    # one σ of all dimensions is a circle on every plane
    assert np.allclose(entries, [0.5, 0, 0.5], atol=1e-3)


def test_standard_deviations_alone_tell_no_ellipse_where_dimensions_depend_on_each_other() -> None:
    assert "tril" not in arrays(written("full").body)


def test_covariances_that_a_snapshot_holds_are_told() -> None:
    kept = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float16)
    assert np.array_equal(arrays(written("full", tril=kept).body)["tril"], kept)


def test_points_have_no_ellipse() -> None:
    points = np.zeros((40, 2), np.float32)
    assert "tril" not in arrays(written("point", scale=points).body)


def test_a_learned_prior_is_told_with_the_place_of_its_field() -> None:
    field = -np.arange(6, dtype=np.float16).reshape(2, 3)
    extent, draws = np.array([-2, 1, -3, 5], np.float32), np.array([1000])
    body = written("gaussian", prior=field, prior_extent=extent, prior_draws=draws).body
    place = {"low": [-2, -3], "high": [1, 5], "size": [3, 2], "draws": 1000}
    assert header_of(body)["prior"] == place
    assert np.array_equal(arrays(body)["prior"], field)


def test_a_snapshot_without_a_learned_prior_tells_of_none() -> None:
    body = written("gaussian").body
    assert header_of(body)["prior"] is None
    assert "prior" not in arrays(body)


def test_one_dimension_is_spread_out_the_same_way_every_time() -> None:
    write_run("run", "paused", z_dim=1)
    one, other = (arrays(get(f"/run/run/snapshot/{step}").body)["loc"] for step in (15, 30))
    assert np.array_equal(one[:, 1], other[:, 1])
    assert len(np.unique(one[:, 1])) == len(one)


def test_a_snapshot_is_kept_for_good_under_the_name_of_its_file() -> None:
    write_run("run", "paused")
    step, name = read(get("/run/run/live"))["snapshots"][0]
    answer = get(f"/run/run/snapshot/{step}?v={name}")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("query", ["", "?v=", "?v=1", "?v=0{name}", "?v={name}0"])
def test_a_snapshot_asked_for_by_another_name_is_not_kept(query: str) -> None:
    path = write_run("run", "paused")
    step, name = read(get("/run/run/live"))["snapshots"][0]
    answer = get(f"/run/run/snapshot/{step}{query.format(name=name)}")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    file = path / "snapshots" / f"{step:06d}.npz"
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    replaced = get(f"/run/run/snapshot/{step}?v={name}")
    assert (replaced.status, replaced.headers["cache-control"]) == (200, "no-store")


def test_a_snapshot_that_is_gone_or_damaged_is_one_sentence() -> None:
    path = write_run("run", "paused")
    (path / "snapshots" / "000030.npz").write_bytes(b"PK no")
    for step in (30, 31):
        answer = get(f"/run/run/snapshot/{step}")
        assert answer.status == 409
        assert str(step) in answer.body.decode()


def test_a_change_is_told_as_a_mark_with_a_short_label() -> None:
    path = write_run("run", "paused")
    assert read(get("/run/run/live"))["marks"] == []
    said = [
        {"event": "changed", "step": 20, "what": "beta", "before": 1.0, "after": 4.0},
        {"event": "changed", "step": 30, "what": "learning_rate", "before": 3e-3, "after": 1e-3},
        {"event": "changed", "step": 40, "what": "epochs", "before": 5, "after": 9},
        {"event": "changed", "step": 45, "what": "epochs", "before": 9, "after": 12, "more": 3},
        {"event": "changed", "step": 50},
    ]
    (path / "events.jsonl").write_text("".join(json.dumps(one) + "\n" for one in said))
    assert read(get("/run/run/live"))["marks"] == [
        [20, "β 1 → 4"],
        [30, "step size 0.003 → 0.001"],
        [40, "5 → 9 epochs"],
        [45, "+3 epochs"],
    ]
