"""What is said of a finished run: every kind of end is told from the others by its numbers."""

import json
import math
from pathlib import Path

import pytest

from tests.run_folders import write_run
from vae import data
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import coach as verdict
from vae.runs import driver as runs
from vae.runs.coach import Verdict, judge
from vae.runs.records import Line, Scores
from vae.training.config import TrainConfig
from vae.training.diverged import Diverged
from vae.training.objectives import Elbo

REPORTS = 40
CONFIG = {"training": {"learning_rate": 2e-3, "objective": {"name": "elbo", "beta": 1.0}}}


def report(step: int, train: float, validation: float) -> Line:
    """One report of two costs in nats, 5 of them KL."""
    scores = [Scores(-cost, 5.0 - cost, 5.0) for cost in (train, validation)]
    return Line(step, None, None, None, None, *scores, None)


def ended(train, validation, config=CONFIG, used: int | None = 2) -> Verdict:
    """Judge a run whose costs are functions of the share that is done."""
    shares = [(i + 1) / REPORTS for i in range(REPORTS)]
    lines = [report(round(1000 * t), train(t), validation(t)) for t in shares]
    return judge(config, lines, used)


def falls(t: float) -> float:
    """A cost that is still falling by 2 % over the second half."""
    return 100 + 50 * math.exp(-6 * t) + 4 * (1 - t)


def settles(t: float) -> float:
    """A cost that has come to rest in the first half."""
    return 100 + 50 * math.exp(-20 * t)


def turns(t: float) -> float:
    """A cost that rises again after a third of the run."""
    return 100 + 60 * (t - 1 / 3) ** 2


def test_a_run_whose_bound_still_rose_should_be_longer() -> None:
    found = ended(falls, falls)
    assert (found.kind, found.changes) == ("improving", {"longer": 2})
    assert "still falling, by 4.4 nats" in found.sentence


def jumps(size: float, rise: float):
    """A cost that jumps up and down by a size from report to report and rises after the half."""
    return lambda t: 100 + size * (-1) ** round(REPORTS * t) + rise * max(0.0, 2 * t - 1)


@pytest.mark.parametrize(("rise", "kind"), [(1.0, "settled"), (5.0, "unstable")])
def test_a_rise_counts_where_it_is_more_than_twice_the_noise_of_a_report(rise, kind) -> None:
    # ±1 in turn bends by 4 nats: noise of √(16/6) = 1.6 nats, so that 3.3 nats and more count
    assert ended(jumps(1, rise), jumps(1, rise)).kind == kind


def test_a_single_lucky_report_is_not_the_best_that_a_run_reached() -> None:
    def lucky(t: float) -> float:
        return 80.0 if round(REPORTS * t) == 20 else 100.0

    assert ended(lucky, lucky).kind == "settled"


def test_a_run_that_came_to_rest_needs_nothing() -> None:
    found = ended(settles, settles)
    assert (found.kind, found.changes) == ("settled", {})


def test_a_fall_within_the_noise_of_the_reports_is_none() -> None:
    jumps = (5.0, -5.0, 0.0)
    noisy = ended(falls, lambda t: falls(t) + jumps[round(REPORTS * t) % 3])
    assert noisy.kind == "settled"


def test_validation_that_rises_while_training_falls_is_overfitting() -> None:
    found = ended(lambda t: 100 - 20 * t, turns)
    assert found.kind == "overfitted"
    assert "rose by 26" in found.sentence and "after 32 % of the run" in found.sentence
    assert found.changes["longer"] == pytest.approx(1 / 3, abs=0.05)


def test_both_rising_is_a_training_that_went_astray() -> None:
    found = ended(turns, turns)
    assert (found.kind, found.changes) == ("unstable", {"learning_rate": 2e-4})


def test_without_a_used_dimension_it_has_collapsed_whatever_the_curve_does() -> None:
    assert ended(falls, falls, used=0).kind == "collapsed"
    assert ended(falls, falls, used=1).kind == "improving"


@pytest.mark.parametrize(
    ("beta", "step", "changes"),
    [
        (1.0, 1.0, {"learning_rate": 3e-3}),
        (10_000.0, 2e-3, {"beta": 1.0}),
        (4.0, 0.5, {"learning_rate": 3e-3, "beta": 1.0}),
        (1.0, 2e-3, {"longer": 2, "warmup": 0.3}),
    ],
)
def test_a_collapse_is_blamed_on_what_may_have_caused_it(
    beta: float, step: float, changes: dict[str, float]
) -> None:
    config = {"training": {"learning_rate": step, "objective": {"name": "elbo", "beta": beta}}}
    assert ended(settles, settles, config, used=0).changes == changes


def test_a_collapse_proposes_a_warm_up_just_where_the_objective_has_one() -> None:
    config = {"training": {"learning_rate": 2e-3, "objective": {"name": "info-vae"}}}
    found = ended(settles, settles, config, used=0)
    assert found.changes == {"longer": 2}
    assert "warm-up" not in found.advice


@pytest.mark.parametrize(("name", "kind"), [("elbo", "unstable"), ("beta-tcvae", "settled")])
def test_a_bound_that_gives_way_to_something_else_has_not_gone_astray(name, kind) -> None:
    config = {"training": {"learning_rate": 2e-3, "objective": {"name": name}}}
    assert ended(turns, turns, config).kind == kind
    # images that are not learnt from may still fare worse than those that are
    assert ended(lambda t: 100 - 20 * t, turns, config).kind == "overfitted"


def test_a_curve_is_named_by_the_weight_of_its_kl() -> None:
    for options, said in (
        ({"name": "elbo"}, "−ELBO"),
        ({"name": "elbo", "beta": 4.0}, "The loss (β = 4)"),
        ({"name": "beta-tcvae", "beta": 4.0}, "−ELBO"),
        ({"name": "info-vae", "alpha": 0.5}, "−log p(x|z) + 0.5 KL"),
        ({"name": "info-vae", "alpha": 1.0}, "−log p(x|z)"),
    ):
        config = {"training": {"learning_rate": 2e-3, "objective": options}}
        assert ended(settles, settles, config).sentence.startswith(f"{said} on the validation")


def test_a_run_of_few_reports_is_too_short_to_tell() -> None:
    lines = [report(step, 100 / step, 100 / step) for step in range(1, 4)]
    assert judge(CONFIG, lines, 2).kind == "short"
    # unused dimensions are no wonder then, unless a setting explains them
    assert judge(CONFIG, lines, 0).kind == "short"
    wild = {"training": {"learning_rate": 1.0, "objective": {"name": "elbo", "beta": 1.0}}}
    assert judge(wild, lines, 0).kind == "collapsed"


def test_a_run_with_another_beta_is_judged_by_what_it_trained() -> None:
    # the KL is paid for four times: log p(x|z) grows worse while the loss gets better
    def lines(beta: float) -> list[Line]:
        shares = [(i + 1) / REPORTS for i in range(REPORTS)]
        scores = [Scores(None, -100 - 8 * t, 10 - 5 * t) for t in shares]
        return [Line(i, None, None, None, None, s, s, None) for i, s in enumerate(scores, start=1)]

    def config(beta: float) -> dict:
        return {"training": {"learning_rate": 1e-3, "objective": {"name": "elbo", "beta": beta}}}

    assert judge(config(4.0), lines(4.0), 2).kind == "improving"
    assert judge(config(1.0), lines(1.0), 2).kind == "unstable"


def test_a_failure_is_judged_only_where_its_numbers_were_lost() -> None:
    diverged = judge(
        CONFIG, [], None, str(Diverged("training diverged at step 7 (the loss is nan)"))
    )
    assert (diverged.kind, diverged.changes) == ("diverged", {"learning_rate": 2e-4})
    assert judge(CONFIG, [], None, "the disk is full") is None


def test_nothing_is_said_of_a_run_without_reports() -> None:
    assert judge({}, [], None) is None


@pytest.mark.parametrize(
    ("training", "kind"),
    [
        (TrainConfig(epochs=20, learning_rate=1.0), "collapsed"),
        (TrainConfig(epochs=20, objective=Elbo(beta=10_000.0)), "collapsed"),
    ],
    ids=["a step size of 1", "a β of 10,000"],
)
def test_real_runs_that_collapse_are_called_so(
    tmp_path: Path, training: TrainConfig, kind: str
) -> None:
    dataset = data.load("digits")
    model = VAEConfig(dataset.image_shape, 2, MLP(hidden=(64, 64)))
    finished = runs.start(tmp_path / "run", dataset, model, training)
    assert verdict.of_run(tmp_path / "run", finished.metrics["active_units"]).kind == kind


def test_a_run_that_has_not_ended_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text(json.dumps({"state": "paused", "step": 3}))
    assert verdict.of_run(tmp_path, 2) is None


def test_a_model_that_is_computed_or_learns_part_by_part_is_not_judged_by_its_trend() -> None:
    # of the last cost, 100.1 nats, 5 are the KL
    for name, words in (
        ("pca", "is computed, not learnt"),
        ("dbn", "−log p(x|z) on the validation images ended at 95.1 nats"),
    ):
        config = {"training": {"objective": {"name": name}}}
        found = ended(falls, falls, config)
        assert (found.kind, found.changes) == ("settled", {})
        assert words in found.sentence
    assert ended(falls, falls, {"training": {"objective": {"name": "rbm"}}}).kind == "improving"


def test_a_run_whose_beta_was_changed_is_judged_by_what_came_after() -> None:
    path = write_run("run", "finished")
    rows = []
    for step in range(10, 410, 10):
        score = {"elbo": -20.0 if step <= 200 else -30.0, "kl": 2.0}
        score["reconstruction"] = score["elbo"] + 2.0
        rows.append({"step": step, "train": score, "validation": score})
    (path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    astray = verdict.of_run(path, 2)
    change = {"event": "changed", "step": 200, "what": "beta", "before": 1.0, "after": 4.0}
    (path / "events.jsonl").write_text(json.dumps(change) + "\n")
    steered = verdict.of_run(path, 2)
    assert astray is not None and steered is not None
    assert astray.kind != steered.kind == verdict.SETTLED
