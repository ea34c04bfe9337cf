"""Diagnose, without a browser: the page opens, and its findings say what was measured."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_models import write_models
from ui import first_pictures, work
from ui.diagnose import evidence, findings, likelihood, measuring, view
from vae import checkpoint
from vae.jobs import measures
from vae.measures.image_terms import ImageTerms

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60
KINDS = ["flat", "flat-ae", "deep", "line", "colour", "large", "rated"]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return write_models(folder)


def measured(model: str) -> work.Work:
    """Wait for what the page measures of a model."""
    found = measuring.measured(model)
    # a computation that nobody asks for any more is dropped
    while not found.wait(1.0) and found.running:
        found = measuring.measured(model)
    return found


@pytest.mark.parametrize("model", KINDS)
def test_the_page_opens_for_every_kind_of_model(models: Path, model: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run().switch_page("pages/diagnose.py").run()
    assert measured_by_now(model) is None
    app.session_state[view.KEY] = {first_pictures.DRAWN: model}
    app.run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Diagnose"
    assert measured_by_now(model) is not None
    assert measured(model).done


def measured_by_now(model: str) -> work.Work | None:
    """Return what the page measures of a model, if it has begun."""
    return work.find(measuring.key(model))


def test_what_is_known_already_does_not_wait_for_the_pictures(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_pictures, "stand", lambda *_: False)
    assert view._begun("deep") is None
    known = measured("deep")
    assert view._begun("deep") is known


def test_without_the_images_the_list_has_what_the_file_and_the_map_say(models: Path) -> None:
    found = view.data("flat", measured("flat"))
    lines = {line["exhibit"]: line["line"] for line in found["findings"]}
    assert lines["reconstructions"] == "Reconstructs to 100.0 nats"
    assert "decodes to what it never saw" in lines["aggregate"]
    assert found["evidence"]["reconstructions"] is None
    assert found["evidence"]["likelihood"]["state"] == "refused"


def test_a_machine_that_draws_by_a_chain_is_not_said_to_have_no_prior() -> None:
    model = Path("checkpoints/mnist-dbn.safetensors")
    against = measuring.against(checkpoint.read(ROOT / model))
    found = findings.prior(checkpoint.read_header(ROOT / model), against)
    assert found.line == "Its prior has no density to hold q(z) to"
    assert "Gibbs chain" in found.note


def test_an_autoencoder_is_held_to_no_prior(models: Path) -> None:
    found = view.data("flat-ae", measured("flat-ae"))
    lines = {line["exhibit"]: line["line"] for line in found["findings"]}
    assert lines["aggregate"] == "Held to no prior"
    assert "blurry" not in lines
    assert found["evidence"]["aggregate"]["holes"] is None


def header() -> dict:
    return {
        "model": {"z_dim": 2},
        "metrics": {},
        "capabilities": {"has_density": True, "factorises": True},
        "dataset": {},
    }


def terms(mistaken: int, spread: float = 1.0) -> ImageTerms:
    log_px = np.full(100, -50.0)
    swapped = np.full(100, -80.0)
    swapped[:mistaken] = -40.0
    loc = spread * np.random.default_rng(0).normal(size=(100, 2))
    return ImageTerms(log_px, swapped, np.full(100, 3.0), np.full((100, 2), 1.5), loc)


@pytest.mark.parametrize(("count", "mark"), [(0, "fine"), (10, "look"), (60, "wrong")])
def test_reconstructions_are_marked_by_what_the_own_code_tells(count: int, mark: str) -> None:
    assert findings.reconstructions(header(), terms(count)).mark == mark


def test_a_latent_space_without_a_used_dimension_has_collapsed() -> None:
    said = findings.dimensions(header(), terms(0, spread=0.01))
    assert said is not None
    assert (said.mark, said.line) == ("wrong", "The latent space has collapsed")
    used = findings.dimensions(header(), terms(0))
    assert used is not None
    assert (used.mark, used.line) == ("fine", "Uses 2 of 2 dimensions")


@pytest.mark.parametrize(
    ("share", "mark", "text"),
    [(0.04, "fine", "4 %"), (0.1, "look", "10 %"), (0.7, "wrong", "70 %")],
)
def test_holes_are_marked_by_their_share_of_the_prior(share: float, mark: str, text: str) -> None:
    against = measuring.Against(None, SimpleNamespace(prior_in_holes=share), (), None)
    said = findings.prior(header(), against)
    assert said.mark == mark
    assert said.line.startswith(text)


def test_the_strips_name_rows_of_the_split() -> None:
    shown = evidence.reconstructions(terms(0))
    assert [strip["name"] for strip in shown["strips"]] == ["worst", "median", "best"]
    assert sum(shown["counts"]) == 100
    assert shown["strips"][0]["images"][0] == {"row": 0, "log_px": -50.0, "kl": 3.0}


@pytest.fixture
def digits(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A shipped model whose images are on every machine, and few samples of each."""
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setitem(likelihood.SIZES, "all", likelihood.Size("all", None, 20))
    return "digits-2d"


def test_what_may_be_measured_is_told_with_its_time(digits: str) -> None:
    known = likelihood.prospect(digits)
    told = likelihood.found(digits, known)
    # 359 images are no more than those of a quick look
    assert [offer["size"] for offer in told["offers"]] == ["all"]
    assert told["offers"][0]["words"].startswith("all 359 images, 20 samples each, about ")
    assert known.seconds > 0


def test_log_px_is_found_again_beside_the_bound_of_the_same_pixels(digits: str) -> None:
    known = likelihood.prospect(digits)
    measures.here(likelihood.order(digits, likelihood.SIZES["all"]))
    told = likelihood.found(digits, known)
    assert (told["state"], told["images"], told["samples"]) == ("done", 359, 20)
    assert told["log_px"] > told["elbo"]
    assert told["stderr"] > 0
    assert told["offers"] == []


def test_visitors_who_only_look_see_what_was_measured(
    digits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAE_READONLY", "1")
    known, size = likelihood.prospect(digits), likelihood.SIZES["all"]
    likelihood.start(digits, size)
    told = likelihood.found(digits, known)
    assert (told["state"], told["why"]) == ("refused", f"No log p(x): {likelihood.LOOKERS}")
    measures.here(likelihood.order(digits, size))
    assert likelihood.found(digits, known)["state"] == "done"


def test_nothing_is_offered_before_it_is_known_whether_it_has_a_meaning(digits: str) -> None:
    assert likelihood.found(digits, None) == {"state": "none", "offers": []}


def test_a_model_whose_images_are_not_here_says_so(models: Path) -> None:
    told = likelihood.found("flat", likelihood.prospect("flat"))
    assert told["state"] == "refused"
    assert "not on this machine" in told["why"]
