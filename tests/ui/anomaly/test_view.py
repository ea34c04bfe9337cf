"""Anomaly, without a browser: what the component is told, and what it may ask for."""

import base64
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.failing_disk import FULL, disk
from tests.tiny_models import tiny_checkpoint, write_models
from ui import resources
from ui.anomaly import foreign, keeping, known, material, own, scoring, slow, view
from ui.resources import datasets
from vae import checkpoint, data
from vae.__main__ import main
from vae.errors import UserError
from vae.files import owner
from vae.jobs import scores
from vae.measures.anomaly import SCORES, threshold
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60
SHAPE = (1, 8, 8)
SEVENS = "class-7"
SLOW = next(name for name, cls in SCORES.items() if cls.is_slow)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tiny models; three of them know images that are here."""
    folder = write_models(tmp_path_factory.mktemp("models"))
    told = {"name": "digits", "split": "test", "sha256": data.load("digits").test.sha256()}
    kinds: dict[str, dict[str, Any]] = {
        "eight": {},
        "eight-ae": {"posterior": POSTERIORS["point"]()},
        "eight-told": {"conditioning": CONDITIONINGS["labels"](classes=10)},
    }
    for name, options in kinds.items():
        made = tiny_checkpoint(name, VAEConfig(SHAPE, 2, MLP(hidden=(8,)), **options))
        made = replace(made, dataset={**told, "class_names": []})
        checkpoint.write(folder / f"{name}.safetensors", made)
    return folder


@pytest.fixture
def models(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, in which the app finds its models; what is scored is scored once."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(written))
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    return written


def finished(model: str, name: str = SEVENS) -> scoring.Begun:
    """Wait for the quick scores."""
    against = foreign.find(model, name)
    # asked for again and again: a computation that nobody asks for any more is dropped
    while (found := scoring.begun(model, against)).running:
        (found.rest or found.first).wait(0.2)
    return found


def told(model: str, name: str = SEVENS, **session: Any) -> dict[str, Any]:
    """Return what the component is told once the quick scores are there."""
    finished(model, name)
    return view.data(model)


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A visitor's state and address, apart from Streamlit's."""
    kept: dict[str, Any] = {view.CHOSEN: {}}
    monkeypatch.setattr(view, "held", kept.get)
    monkeypatch.setattr(view, "put", kept.__setitem__)
    monkeypatch.setattr(view, "said_by", lambda key: kept.get(key) or {})
    monkeypatch.setattr(view.st, "query_params", {view.FOREIGN: SEVENS})
    return kept


@pytest.mark.parametrize("model", ["flat", "flat-ae", "large", "rated", "digits-2d"])
def test_the_page_opens_for_every_kind_of_model(
    models: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(models))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run().switch_page("pages/anomaly.py").run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Anomaly"


def test_a_model_without_its_data_set_says_so_in_one_sentence(models: Path) -> None:
    found = view.data("flat")
    assert "are not on this machine" in found["why"]
    assert "python -m vae datasets" in found["why"]
    assert found["scores"] == []


def test_every_quick_score_comes_with_its_area_and_every_slow_one_with_its_time(
    models: Path,
) -> None:
    found = told("eight")
    assert [score["name"] for score in found["scores"]] != []
    for score in found["scores"]:
        if score["slow"]:
            assert score["state"] == "offered" and "about" in score["offer"], score
        else:
            assert score["state"] == "done", score
            assert 0 <= score["auc"]["low"] <= score["auc"]["value"] <= score["auc"]["high"] <= 1


def test_scores_without_a_density_are_refused_for_an_autoencoder_with_the_reason(
    models: Path,
) -> None:
    found = {score["name"]: score for score in told("eight-ae")["scores"]}
    assert found["elbo"]["state"] == "refused"
    assert "without a posterior density" in found["elbo"]["why"]
    assert found["reconstruction"]["state"] == "done"


def test_a_model_that_is_told_classes_keeps_what_asks_it_nothing(models: Path) -> None:
    found = told("eight-told")
    refused = [score for score in found["scores"] if score["state"] == "refused"]
    assert all("told each image's class" in score["why"] for score in refused)
    assert {score["name"] for score in refused} >= {"reconstruction", "elbo", "knn"}
    left = [score for score in found["scores"] if score["values"]]
    assert left or "told each image's class" in found["why"]


def test_a_class_that_is_foreign_is_among_nothing_that_counts_as_normal(models: Path) -> None:
    images = material.gather("eight", foreign.find("eight", SEVENS))
    whole = data.load("digits")
    assert images.normal.labels is not None and images.held.labels is not None
    assert 7 not in images.normal.labels and 7 not in images.held.labels
    assert images.foreign.labels is not None and set(images.foreign.labels) == {7}
    assert (whole.test.labels[images.foreign_rows] == 7).all()
    sevens = whole.train.images[whole.train.labels == 7]
    trained = {image.tobytes() for image in images.train}
    assert not trained & {image.tobytes() for image in sevens}


def test_rows_lead_to_the_images_of_the_test_split(models: Path) -> None:
    images = material.gather("eight", foreign.find("eight", SEVENS))
    test = data.load("digits").test
    for place in (0, len(images.normal) - 1, len(images.normal), images.shown - 1):
        rows = np.concatenate([images.rows, images.foreign_rows])
        assert (images.image(place) == test.images[rows[place]]).all()


def test_validation_test_and_training_images_are_apart(models: Path) -> None:
    images = material.gather("eight", foreign.find("eight", SEVENS))
    held, normal = ({one.tobytes() for one in part.images} for part in (images.held, images.normal))
    # some digits of the set are there twice
    assert len(held & normal) < 5
    assert len(held & {one.tobytes() for one in images.train}) < 5


def test_other_images_of_the_shape_that_are_here_are_offered_before_classes(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = data.sources()
    here = replace(sources["digits"], name="others", title="Others")
    away = SimpleNamespace(image_shape=SHAPE, is_here=lambda: False, title="Away")
    monkeypatch.setattr(data, "sources", lambda: {**sources, "others": here, "away": away})
    names = [one.name for one in foreign.choices("eight")]
    assert names[0] == "others" and "away" not in names and "digits" not in names
    assert SEVENS in names and "mnist" not in names


def test_a_choice_that_is_none_becomes_a_notice_and_the_first_one_stands(
    models: Path, session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(view.AppState, "notice", lambda self, sentence: said.append(sentence))
    monkeypatch.setattr(view.st, "query_params", {view.FOREIGN: "no-such"})
    first = view.chosen("eight")
    assert first is not None and first.name == foreign.choices("eight")[0].name
    assert "'no-such'" in said[0]
    assert view.chosen("eight") == first and len(said) == 1


def test_what_was_chosen_on_the_page_counts_more_than_the_address(
    models: Path, session: dict[str, Any]
) -> None:
    session[view.KEY] = {"asked": {"model": "eight", "do": "foreign", "foreign": "class-3"}}
    view.hear("eight")
    found = view.chosen("eight")
    assert found is not None and found.of == "the threes"
    assert view.chosen("eight-ae") != found


def test_an_image_of_ones_own_is_scored_as_all_others_are(
    models: Path, session: dict[str, Any]
) -> None:
    finished("eight")
    against = foreign.find("eight", SEVENS)
    images = scoring.ready("eight", against).material
    sent = base64.b64encode(images.image(3).tobytes()).decode()
    session[view.KEY] = {"asked": {"model": "eight", "do": "own", "pixels": sent, "count": 5}}
    view.hear("eight")
    found = view.data("eight")["own"]
    block = known.blocks("eight", against, "knn")[-1]
    assert found["seq"] == 5
    # of a fitted score nothing is drawn
    assert found["scores"]["knn"] == pytest.approx(block.values[len(images.held) + 3], rel=1e-4)
    assert set(found["scores"]) == set(known.names("eight", against))
    nats = np.frombuffer(base64.b64decode(found["pixels"]), "<f4")
    assert nats.shape == (64,) and (nats >= 0).all()
    assert len(found["z"]) == 2


@pytest.mark.parametrize("pixels", [None, 7, "", "no base64!", "AAAA", "A" * 100_000])
def test_what_is_no_image_of_the_shape_is_refused_in_a_sentence(pixels: object) -> None:
    with pytest.raises(UserError, match="no image of 8×8 pixels"):
        own.read({"pixels": pixels}, SHAPE)


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + FIRST_RUN
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_slow_score_is_a_job_that_another_server_finds_again(
    models: Path, session: dict[str, Any]
) -> None:
    finished("eight")
    against = foreign.find("eight", SEVENS)
    session[view.KEY] = {"asked": {"model": "eight", "do": "measure", "score": SLOW}}
    view.hear("eight")
    states = set()

    def told_of() -> dict[str, Any]:
        return next(one for one in view.data("eight")["scores"] if one["name"] == SLOW)

    def is_done() -> bool:
        states.add(told_of()["state"])
        return "done" in states

    until(is_done)
    assert "running" in states and told_of()["auc"] is not None
    # what a new server knows: nothing but what is on the disk
    slow._key.cache_clear()
    slow._found.cache_clear()
    found = slow.found("eight", against, SLOW)
    rows = slow.rows(scoring.ready("eight", against).material)
    assert found is not None and np.isfinite(found.block.values).nonzero()[0].tolist() == [*rows]


def test_a_slow_score_that_was_ended_says_where_it_goes_on(models: Path) -> None:
    finished("eight")
    against = foreign.find("eight", SEVENS)
    job = scores.KIND.job(slow._key(scoring.key("eight", against), "eight", against, SLOW))
    scores.KIND.make_folder()
    job.tell(state="running", phase="arranging", progress=0.4)
    assert slow.status("eight", against, SLOW).state == "interrupted"
    found = next(one for one in view.data("eight")["scores"] if one["name"] == SLOW)
    assert (found["state"], found["why"]) == (
        "offered",
        "It was ended at 40 %, and goes on from there.",
    )


def test_where_visitors_only_look_nothing_slow_begins(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: dict[str, Any]
) -> None:
    monkeypatch.setenv("VAE_READONLY", "1")
    finished("eight-ae")
    monkeypatch.setitem(session, view.KEY, {"asked": {"model": "eight-ae", "do": "measure"}})
    session[view.KEY]["asked"]["score"] = SLOW
    view.hear("eight-ae")
    assert not list((tmp_path / "runs" / ".cache").glob("scores/*"))
    states = {one["name"]: one["state"] for one in view.data("eight-ae")["scores"] if one["slow"]}
    assert set(states.values()) == {"refused"}


def test_too_few_images_are_refused_with_how_many_it_takes(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(material, "LEAST_HELD", 1000)
    with pytest.raises(UserError, match="too few to tell anything by"):
        material.gather("eight", foreign.find("eight", SEVENS))


def test_a_replaced_model_is_scored_anew(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(models, tmp_path / "models")
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    first = scoring.key("eight", foreign.find("eight", SEVENS))
    other = tiny_checkpoint("eight", VAEConfig(SHAPE, 2, MLP(hidden=(16,))))
    described = resources.header("eight")["dataset"]
    checkpoint.write(folder / "eight.safetensors", replace(other, dataset=described))
    assert scoring.key("eight", foreign.find("eight", SEVENS)) != first
    assert datasets.of_model("eight") is not None


def test_a_threshold_that_is_kept_is_the_one_that_the_command_line_sets(
    models: Path, session: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finished("eight")
    session[view.KEY] = {"asked": {"model": "eight", "do": "keep", "score": "knn"}}
    view.hear("eight")
    found = {score["name"]: score for score in view.data("eight")["scores"]}
    assert found["knn"]["kept"] and not found["elbo"]["kept"]
    given = found["knn"]["command"].replace("{rate}", "0.05").split()
    assert given[:3] == ["python", "-m", "vae"]
    given[-1] = str(tmp_path / "scores.csv")
    main([*given[3:], "--json"])
    said = json.loads(capsys.readouterr().out)["scores"]["knn"]["threshold"]
    against = foreign.find("eight", SEVENS)
    images, block = (
        scoring.ready("eight", against).material,
        known.blocks("eight", against, "knn")[-1],
    )
    limit = threshold(block.values[: len(images.held)], 0.05)
    assert (said["value"], said["n_images"]) == (limit.value, limit.n_images)
    # and without what was kept the command comes to the same
    for file in (tmp_path / "runs" / ".cache" / "anomaly").glob("*.npz"):
        file.unlink()
    main([*given[3:], "--json"])
    again = json.loads(capsys.readouterr().out)["scores"]["knn"]["threshold"]
    assert again["value"] == pytest.approx(limit.value, rel=1e-5)


def test_on_a_shared_server_what_one_visitor_keeps_is_shown_to_no_other(
    models: Path, session: dict[str, Any]
) -> None:
    finished("eight")
    against = foreign.find("eight", SEVENS)
    anna, ben = (owner.Asker(owner.hashed(name)) for name in ("anna", "ben"))
    seen = []
    for visitor in (anna, ben):
        with owner.acting_as(visitor):
            seen.append(keeping.is_kept("eight", against, "knn"))
            keeping.keep("eight", against, "knn")
    with owner.acting_as(owner.Asker()), pytest.raises(UserError, match="no cookie"):
        keeping.keep("eight", against, "knn")
    for visitor in (anna, ben, owner.AT_THE_MACHINE):
        with owner.acting_as(visitor):
            seen.append(keeping.is_kept("eight", against, "knn"))
    assert seen == [False, False, True, True, True]
    with owner.acting_as(owner.Asker(owner.hashed("cem"))):
        assert not keeping.is_kept("eight", against, "knn")


def test_where_visitors_only_look_and_where_the_disk_is_full_nothing_is_kept(
    models: Path, tmp_path: Path
) -> None:
    finished("eight")
    against = foreign.find("eight", SEVENS)
    looking = owner.acting_as(owner.Asker(sees_all=True, changes=False))
    with looking, pytest.raises(UserError, match="only look"):
        keeping.keep("eight", against, "knn")
    assert not list((tmp_path / "runs").rglob("*.npz"))
    with (
        disk(tmp_path / "runs", lambda call: FULL),
        pytest.raises(UserError, match="could not be written"),
    ):
        keeping.keep("eight", against, "knn")
    assert not keeping.is_kept("eight", against, "knn")
