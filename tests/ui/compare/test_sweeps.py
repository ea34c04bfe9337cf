"""The views of sweeps on the Compare page, without a browser."""

import base64
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.run_folders import write_run
from tests.sweep_folders import write_sweep
from tests.tiny_models import tiny_checkpoint
from ui.compare.sweeps import change, progress
from ui.compare.sweeps.outlook import Outlook, outlook
from ui.compare.sweeps.plan import MOST_RUNS, of_model, plan, read_dimensions, seconds_of, told
from ui.components.retrained_maps import STEPS, maps_data
from ui.resources import sweeps
from vae import checkpoint, data
from vae.checkpoint import Checkpoint
from vae.errors import UserError
from vae.jobs import measures
from vae.measures.retraining.findings import survival
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs import orders, watch
from vae.runs.estimate import Estimate
from vae.runs.members import MemberView, look
from vae.runs.packaging import package
from vae.runs.watch import RunView
from vae.sweep import Member
from vae.training.config import TrainConfig

# seconds; the first page imports torch
FIRST_RUN = 60


def model(name: str, z_dim: int = 2, **metrics: float) -> Checkpoint:
    """A tiny model with a map of three clusters."""
    made = tiny_checkpoint(name, VAEConfig(z_dim=z_dim, architecture=MLP(hidden=(8,))))
    return replace(made, metrics={"split": "test", "n_images": 300, **metrics})


def whole_page() -> None:
    """Draw the page in its frame; a script of its own."""
    from pages import compare
    from ui import frame

    frame.model_picker()
    compare.page()


def open_page(**address: str) -> AppTest:
    """Run the page as it opens at an address."""
    app = AppTest.from_function(whole_page, default_timeout=FIRST_RUN)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def text(app: AppTest) -> str:
    """Return what the page says, without the marks of Markdown."""
    assert not app.exception
    said = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return " ".join(one.value for one in said).replace("\\", "").replace("\u00a0", " ")


def labels(app: AppTest) -> list[str]:
    """Return the buttons' labels."""
    return [button.label for button in app.button]


@pytest.mark.parametrize("view", ["retraining", "dimensions"])
def test_where_there_is_no_sweep_the_form_stands_open_and_tells_the_time(view: str) -> None:
    app = open_page(view=view, model="mnist-2d")
    assert "Train 5 runs" in labels(app)
    assert "5 runs of 1 min on mnist, one after another: about" in text(app)


def test_the_address_keeps_the_view_and_leaves_out_the_first_one() -> None:
    app = open_page(view="dimensions")
    assert app.query_params["view"] == "dimensions"
    assert "view" not in open_page(view="nonsense").query_params


def test_where_visitors_only_look_there_is_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_READONLY", "1")
    app = open_page(view="retraining")
    assert labels(app) == []
    assert "visitors only look" in text(app)


def test_what_was_found_is_said_and_what_does_not_count_is_named() -> None:
    models = {0: model("a", elbo=-10.0), 1: model("b", elbo=-12.0)}
    write_sweep({"seed": [0, 1, 2, 3]}, models, {2: "failed"}, dataset="shapes")
    app = open_page(view="retraining")
    said = text(app)
    assert "seed 2: failed (the loss is not finite), does not count." in said
    assert "seed 3: deleted, does not count." in said
    assert "100 % are among its 15 nearest in another map; by chance it would be 5.0 %" in said
    assert "| −ELBO | 11.00 ± 1.41 | 10.00 to 12.00 | 2 |" in said
    assert "Train the missing runs" in labels(app)


def test_one_finished_run_says_that_two_are_needed() -> None:
    write_sweep({"seed": [0, 1]}, {0: model("a")})
    assert "Two finished runs are needed" in text(open_page(view="retraining"))


def test_runs_of_one_number_of_dimensions_are_compared_among_themselves() -> None:
    models = {at: model(f"m{at}", z_dim=2 + at // 2) for at in range(4)}
    write_sweep({"z_dim": [2, 3], "seed": [0, 1]}, models)
    app = open_page(view="retraining")
    assert app.selectbox(key="sweep.group.2").options == ["z_dim 2", "z_dim 3"]
    app.selectbox(key="sweep.group.2").select_index(1).run()
    assert "plane of largest spread of 3 dimensions" in text(app)


def test_dimensions_of_images_that_are_not_here_are_told_without_advice() -> None:
    models = {0: model("a", elbo=-9.0, kl=1.0, active_units=2), 1: model("b", 4, elbo=-8.0)}
    write_sweep({"z_dim": [2, 4]}, models, dataset="shapes")
    said = text(open_page(view="dimensions"))
    assert "There is no NLL to measure" in said
    assert "So there is no advice." in said
    assert "−ELBO" in said


def test_the_progress_counts_what_has_ended_and_tells_what_is_left() -> None:
    sweep = write_sweep({"seed": [0, 1, 2, 3]}, {0: model("a")}, {1: "failed"})
    seen = look(sweep)
    assert progress.left_out(seen) == [
        "seed 1: failed (the loss is not finite), does not count.",
        "seed 2 · seed 3: deleted, do not count.",
    ]
    assert (progress.is_active(seen), progress.share(seen)) == (False, 1.0)
    run = seen[1].run
    assert run is not None
    training = replace(run, state="running", phase="training", remaining=4.0, closing=1.0)
    training = replace(training, progress=0.5)
    waiting = replace(run, state="queued", position=1, progress=0.0)
    busy = [
        seen[0],
        replace(seen[1], state="running", run=training),
        replace(seen[2], state="queued", run=waiting),
        replace(seen[3], state="queued", run=replace(waiting, position=2)),
    ]
    assert progress.share(busy) == 1.5 / 4
    # 4 s and 1 s of the one that trains, 10 s of training and 3 s around it for the other two
    ahead = outlook(busy, [], lambda _: Estimate(1, 1, None, 10.0, 3.0, True))
    assert ahead == (31, 0)
    assert progress.line(busy, ahead) == (
        "1 of 4 runs finished · seed 1: training · 2 wait, the first of them next in line · "
        "about 31 s left"
    )
    assert progress.line(busy, Outlook(90, 1)).endswith(
        "about 1 min 30 s left, 1 other run included"
    )


def runs_of(*states: tuple[str, int | None]) -> list[RunView]:
    """Runs of 100 steps in these states and places in the queue; one that runs is half done."""
    write_run("seen", "paused")
    run = replace(watch.view("seen"), step=0, seconds=0.0, remaining=None, closing=0.0, share=0.0)
    half = {"step": 50, "seconds": 20.0, "remaining": 20.0, "closing": 1.0, "share": 0.5}
    return [
        replace(run, id=f"run-{at}", state=state, position=place)
        if state == "queued"
        else replace(run, id=f"run-{at}", state=state, **half)
        for at, (state, place) in enumerate(states)
    ]


def left(own: list[RunView], others: list[RunView]) -> Outlook:
    """What is left of a sweep of runs that were predicted to take 10 s and 3 s around it."""
    seen = [MemberView(Member(run.id, {}), run.state, None, None, run) for run in own]
    return outlook(seen, own + others, lambda _: Estimate(1, 1, 100, 10.0, 3.0, True))


def test_what_waits_is_told_at_the_pace_of_the_run_that_trains() -> None:
    # 20 s and 1 s of the one that trains, which takes 4 times the 10 s that were predicted
    assert left(runs_of(("running", None), ("queued", 1)), []) == (21 + 40 + 3, 0)


def test_runs_of_others_count_that_are_trained_before_the_last_of_a_sweep() -> None:
    own, others = [("queued", 2)], [("running", None), ("queued", 1), ("queued", 3)]
    every = runs_of(*own, *others)
    assert left(every[:1], every[1:]) == (13 + 21 + 13, 2)


def test_two_sweeps_whose_runs_join_the_queue_one_by_one_take_turns() -> None:
    every = runs_of(("running", None), ("queued", None), *[("queued", None)] * 3, ("queued", 1))
    # its one run that waits, the run in the queue, and one of the three of the other sweep
    assert left(every[:2], every[2:]) == (21 + 3 * 43, 2)


def test_a_sweep_is_stopping_once_all_of_its_runs_were_asked_to_end() -> None:
    sweep = write_sweep({"seed": [0, 1]}, {}, {0: "paused", 1: "paused"})
    seen = [replace(one, state="queued") for one in look(sweep)]
    assert not progress.is_stopping(seen)
    orders.add(sweep.folder_of(sweep.members[0]), orders.CANCEL)
    assert not progress.is_stopping(seen)
    orders.add(sweep.folder_of(sweep.members[1]), orders.CANCEL)
    assert progress.is_stopping(seen)


def test_numbers_of_dimensions_are_read_in_order_and_once() -> None:
    assert read_dimensions("8, 2,2, 32") == (2, 8, 32)


@pytest.mark.parametrize("text", ["", "4", "2, x", "0, 2", "2, 513", "2, -4", "2.5, 4"])
def test_what_are_no_numbers_of_dimensions_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="numbers? of dimensions"):
        read_dimensions(text)


def test_the_time_of_a_sweep_is_that_of_all_its_runs() -> None:
    configuration = ("digits", VAEConfig((1, 8, 8), 2, MLP(hidden=(16,))), TrainConfig())
    three = plan(configuration, 10, {"seed": (0, 1, 2)})
    six = plan(configuration, 10, {"seed": (0, 1, 2), "z_dim": (2, 2 + 1)})
    assert seconds_of(three, []) > 30
    # the runs of three dimensions take a little longer to measure
    assert seconds_of(six, []) == pytest.approx(2 * seconds_of(three, []), rel=0.1)
    write_run("one", "paused")
    waiting = [replace(watch.view("one"), state="queued")] * 2
    said = told(six, 100, waiting)
    assert said.startswith("6 runs of 10 s on digits, one after another: about 1 min")
    assert said.endswith("They wait for 2 other runs to end.")
    assert "wait" not in told(six, 100, [])


def test_too_many_runs_and_no_time_are_refused() -> None:
    configuration = ("digits", VAEConfig((1, 8, 8)), TrainConfig())
    with pytest.raises(UserError, match=f"more than the {MOST_RUNS}"):
        plan(configuration, 10, {"seed": tuple(range(MOST_RUNS + 1))})
    with pytest.raises(UserError, match="say how long"):
        plan(configuration, None, {"seed": (0, 1)})


def test_a_configuration_is_that_of_the_models_file_whatever_its_budget_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = model("mine", 7)
    training = TrainConfig(epochs=3, learning_rate=0.002)
    checkpoint.write(tmp_path / "mine.safetensors", replace(made, training=training.to_json()))
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    asked = plan(of_model("mine"), 20, {"seed": (0, 1)})
    assert asked.model == made.model.config
    assert asked.training == replace(training, epochs=None, seconds=20.0)


def test_the_maps_are_packed_to_the_last_step_of_their_common_extent() -> None:
    found = survival([model("a"), model("b")])
    packed = maps_data(found, ["a", "b"], ["x", "y", "z"], None)
    left, right, bottom, top = packed["extent"]
    places = _places(packed["maps"][0]["places"], packed["count"])
    shown = places / STEPS * [right - left, top - bottom] + [left, bottom]
    # half a step of rounding along each axis
    assert abs(shown - found.plane[0]).max() < 0.51 * max(right - left, top - bottom) / STEPS
    assert [one["near"] for one in packed["maps"]] == [None, None]
    assert packed["classes"] == ["x", "y", "z"]


def test_of_more_than_two_dimensions_each_map_says_which_images_are_near_among_all() -> None:
    made = [model("a", z_dim=3), model("b", z_dim=3)]
    made[1].atlas.loc[:] = np.random.default_rng(0).normal(size=(300, 3))
    packed = maps_data(survival(made), ["a", "b"], [], None)
    for one, each in zip(made, packed["maps"], strict=True):
        near = np.frombuffer(base64.b64decode(each["near"]), np.uint16).reshape(300, 15)
        apart = np.linalg.norm(one.atlas.loc[:, None] - one.atlas.loc[None], axis=2)
        np.fill_diagonal(apart, np.inf)
        # the fifteen smallest distances; images of equal distance may stand for one another
        found = np.take_along_axis(apart, near.astype(int), axis=1)
        np.testing.assert_allclose(np.sort(found), np.sort(apart)[:, :15], atol=1e-5)


def _places(packed: str, count: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), np.uint16).reshape(count, 2).astype(float)


def test_the_nll_stands_among_the_numbers_once_it_was_measured() -> None:
    dataset, config = data.load("digits"), VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
    made = [package("m", build(config, seed=seed), dataset, TrainConfig()) for seed in (0, 1)]
    sweep = write_sweep({"seed": [0, 1]}, dict(enumerate(made)))
    app = open_page(view="retraining")
    assert "NLL, validation" not in text(app)
    assert "Measure the NLL" in labels(app)
    assert "Of 2 runs, 120 validation images and 500 samples each: about" in text(app)
    for path in sweep.finished().values():
        measures.here(sweeps.nll_order(path, "digits"))
    app.run()
    assert "| NLL, validation |" in text(app)
    assert "Measure the NLL" not in labels(app)


def test_a_further_value_is_proposed_and_what_is_there_already_is_refused() -> None:
    sweep = write_sweep({"z_dim": [2, 4], "seed": [0, 3]}, {})
    assert change.suggestion(sweep, "seed") == "4"
    assert change.suggestion(sweep, "z_dim") == "8"
    assert change.further_plan(sweep, "seed", ["4", "5"]).runs == 4
    with pytest.raises(UserError, match="z_dim has the value 4 twice"):
        change.further_plan(sweep, "z_dim", ["4"])
    with pytest.raises(UserError, match="give values of seed"):
        change.further_plan(sweep, "seed", [])


def test_a_sweep_is_removed_from_the_page_and_brought_back() -> None:
    for name in ("other", "mine"):
        write_sweep({"seed": [0, 1]}, {}, name=name, dataset="shapes")
    app = open_page(view="retraining", **{"by-seed": "mine"})
    app.button(key="sweep.remove.mine").click().run()
    assert "Removed mine." in text(app)
    assert app.selectbox(key="sweep_by_seed").value == "other"
    app.button(key="train.undo").click().run()
    assert app.selectbox(key="sweep_by_seed").value == "mine"
    assert "Removed mine." not in text(app)
