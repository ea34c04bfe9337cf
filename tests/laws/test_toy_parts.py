"""A new part of any kind is one file and one entry: toys of each, driven through all there is.

Where a part has no meaning on a page, the page says so in a sentence.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.asking import ask
from tests.toys import ENTRIES
from ui import navigation, option_form, words
from ui.resources import payloads
from ui.train import parts
from vae import checkpoint
from vae.__main__ import main
from vae.data import load
from vae.export.payload import header_of
from vae.measures.registry import MEASURES
from vae.models.config import VAEConfig
from vae.models.vae import build
from vae.options import title_of
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES, posteriors_for

ROOT = Path(__file__).resolve().parents[2]
FIRST_RUN = 60
PARTS = {
    "data set": "",
    "architecture": "--architecture toy-thin --set architecture.units=8",
    "likelihood": "--likelihood toy-laplace",
    "prior": "--prior toy-mixture --set prior.components=2",
    "odd-prior": "--prior toy-banana",
    "posterior": "--posterior toy-full",
    "conditioning": "--conditioning toy-planes",
    "objective": "--objective toy-critic --set objective.weight=1",
    "all": "--architecture toy-thin --likelihood toy-laplace --prior toy-mixture "
    "--posterior toy-full --objective toy-critic --conditioning toy-planes",
}
"""One toy part each beside the usual ones, and all of them together; the images are toys too."""
TOLD = ("conditioning", "all")
"""Those that are told each image's class."""
NAMES = {kind: f"toy-{kind.replace(' ', '-')}" for kind in PARTS}


@pytest.fixture(scope="module", autouse=True)
def registered() -> Iterator[None]:
    """Register the toys from outside, as a user's own code would."""
    with pytest.MonkeyPatch.context() as patch:
        for registry, name, entry in ENTRIES:
            patch.setitem(registry, name, entry)
        yield


@pytest.fixture(scope="module")
def trained(registered: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of models, each trained by the command with one kind of toy."""
    folder = tmp_path_factory.mktemp("toys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAE_RUNS", str(folder / "runs"))
        for kind, flags in PARTS.items():
            out = folder / "runs" / NAMES[kind]
            usual = "--dataset toy-stripes --epochs 20 --batch-size 16 --z-dim 2"
            if "--architecture" not in flags:
                usual += " --set architecture.hidden=16"
            assert main(["train", *usual.split(), *flags.split(), "--out", str(out)]) == 0
            shutil.copy(out / "model.safetensors", folder / f"{NAMES[kind]}.safetensors")
    return folder


@pytest.fixture(autouse=True)
def library(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands and pages find the models."""
    monkeypatch.setenv("VAE_CHECKPOINTS", str(trained))


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Run a command, and return what it printed."""
    capsys.readouterr()
    status = main(list(argv))
    printed = capsys.readouterr()
    assert status == 0, printed.err
    return printed.out


def open_page(page: str, model: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["model"] = model
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    kinds = (app.caption, app.markdown, app.warning, app.error, app.info)
    return "\n".join(element.value for found in kinds for element in found).replace("\\", "")


# ---- the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PARTS)
def test_a_checkpoint_of_a_toy_opens_as_it_was_written_and_says_what_its_posterior_can(
    kind, trained
):
    path = trained / f"{NAMES[kind]}.safetensors"
    header = checkpoint.read_header(path)
    factorises = kind not in ("posterior", "all")
    assert header["capabilities"] == {"has_density": True, "factorises": factorises}
    opened = checkpoint.read(path)
    copy = trained.parent / f"{kind}-copy.safetensors"
    checkpoint.write(copy, opened)
    assert copy.read_bytes() == path.read_bytes()
    assert bool((opened.atlas.scale > 0).all())


@pytest.mark.parametrize("kind", PARTS)
def test_evaluate_gives_a_bound_and_a_kl_a_dimension_just_where_there_is_one(kind, capsys):
    found = json.loads(said(capsys, "evaluate", NAMES[kind], "--dataset", "toy-stripes", "--json"))
    assert np.isfinite([found["elbo"], found["reconstruction"], found["kl"]]).all()
    assert found["elbo"] == pytest.approx(found["reconstruction"] - found["kl"])
    apart = kind not in ("prior", "odd-prior", "posterior", "all")
    assert (found["kl_per_dim"] is not None) == apart
    if apart:
        assert sum(found["kl_per_dim"]) == pytest.approx(found["kl"], rel=1e-5)
    else:
        which = "prior" if "prior" in kind else "posterior"
        assert f"the {which} does not factorise" in found["note"]


@pytest.mark.parametrize("kind", PARTS)
def test_the_likelihood_of_an_image_is_at_least_its_bound(kind, capsys):
    # the toy likelihood is a density, which tells a likelihood of 8-bit values with noise added
    spread = ("--dequantize",) if kind in ("likelihood", "all") else ()
    argv = ("--binarize", "stochastic", "--importance-samples", "50", "--json", *spread)
    found = json.loads(said(capsys, "evaluate", NAMES[kind], "--dataset", "toy-stripes", *argv))
    assert -found["nll"] >= found["elbo"] - 0.05  # Monte Carlo error of one sample per image


@pytest.mark.parametrize("kind", PARTS)
def test_encode_sample_and_interpolate_write_their_files(kind, capsys, tmp_path):
    name = NAMES[kind]
    codes, sheet, film = (str(tmp_path / file) for file in ("codes.npz", "sheet.png", "path.gif"))
    said(capsys, "encode", name, "--dataset", "toy-stripes", "--out", codes)
    with np.load(codes) as found:
        assert found["loc"].shape == found["scale"].shape == (40, 2)
        assert (found["scale"] > 0).all()
    printed = said(capsys, "sample", name, "--count", "9", "--out", sheet)
    assert "draws of the prior" in printed
    ends = ("--from", "prior:1", "--to", "upright", "--steps", "4")
    printed = said(capsys, "interpolate", name, *ends, "--method", "detour", "--out", film)
    assert ("is told the class upright on the whole path" in printed) == (kind in TOLD)
    assert Path(sheet).stat().st_size and Path(film).stat().st_size


@pytest.mark.parametrize("kind", PARTS)
def test_the_decoder_is_exported_with_what_a_page_draws_of_the_prior(kind, capsys, tmp_path):
    out = tmp_path / "decoder.bin"
    said(capsys, "export", NAMES[kind], "--format", "decoder", "--out", str(out))
    header = header_of(out.read_bytes())
    latent, mixtures = header["latent"], {"prior": 2, "all": 3, "odd-prior": None}
    assert latent["rings"] == (kind not in mixtures)
    if mixtures.get(kind, 1) is None:
        assert latent["mixture"] is None
        assert np.shape(latent["draws"]) == (500, 2)
    else:
        assert np.shape(latent["mixture"]["loc"]) == (mixtures.get(kind, 1), 2)
    assert header["told"]["classes"] == (2 if kind in TOLD else 0)
    assert header["noise"] == (None if kind in ("likelihood", "all") else "bernoulli")


def test_a_measure_of_a_toy_is_printed_and_its_options_are_flags_and_widgets(capsys):
    argv = ("measure", NAMES["data set"], "--dataset", "toy-stripes", "--json")
    first = json.loads(said(capsys, *argv, "--what", "toy-brightness"))
    gained = ("--what", "toy-brightness", "--set", "toy-brightness.gain=2")
    second = json.loads(said(capsys, *argv, *gained))
    assert second["toy_brightness"] == pytest.approx(2 * first["toy_brightness"])
    assert first["measures"]["toy-brightness"]["units"] == {"toy_brightness": "pixel value"}
    assert list(option_form.widgets(MEASURES["toy-brightness"])) == ["gain"]


def test_a_score_of_a_toy_is_told_by_the_command_and_written_to_its_table(capsys, tmp_path):
    out = tmp_path / "scores.csv"
    argv = ("anomaly", NAMES["data set"], "--dataset", "toy-stripes", "--alarm-rate", "0.2")
    argv = (*argv, "--score", "toy-glare", "--out", str(out))
    assert "toy-glare: strange above" in said(capsys, *argv)
    assert out.read_text().splitlines()[0] == "row,label,toy-glare,toy-glare_strange"
    found = json.loads(said(capsys, *argv, "--json"))["scores"]["toy-glare"]
    assert found["unit"] == "pixel value"
    assert found["threshold"]["n_images"] == len(load("toy-stripes").validation)


def trainer_of(folder: Path, kind: str) -> Trainer:
    """Make a trainer as the run of a kind of toy had it."""
    config = json.loads((folder / "runs" / NAMES[kind] / "config.json").read_text())
    training = TrainConfig.from_json(config["training"])
    model = VAEConfig.from_json(config["model"])
    return Trainer(build(model, training.seed), load("toy-stripes"), training)


# ---- training ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PARTS)
def test_a_run_that_stops_and_goes_on_ends_where_a_whole_one_does(kind, trained):
    whole, half, resumed = (trainer_of(trained, kind) for _ in range(3))
    list(whole.run())
    for _ in range(4):
        half._advance()
    resumed.restore(*half.state())
    list(resumed.run())
    expected, _ = whole.state()
    found, _ = resumed.state()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[key], found[key]) for key in expected)


def test_an_objectives_own_network_learns_and_is_kept_in_the_state_and_not_in_the_model(trained):
    from safetensors.torch import load_file

    trainer = trainer_of(trained, "objective")
    before = {key: value.clone() for key, value in trainer.state()[0].items()}
    trainer._advance()
    after = trainer.state()[0]
    own = [key for key in after if key.startswith("objective.")]
    assert own and any(not torch.equal(before[key], after[key]) for key in own)
    assert any(key.startswith("own_optimizer.0.") for key in after)
    stored = load_file(trained / f"{NAMES['objective']}.safetensors")
    assert not any("critic" in key for key in stored)


def test_the_critic_moves_the_model_and_the_bound_does_not_move_the_critic():
    objective = OBJECTIVES["toy-critic"](weight=1.0)
    config = VAEConfig((1, 8, 8), 2, architecture="toy-thin")
    trainer = Trainer(build(config), load("toy-stripes"), TrainConfig(objective, epochs=1))
    batch = trainer.images.take(torch.arange(8))
    terms = trainer.step_module(batch, 0.0)
    terms.loss.backward(retain_graph=True)
    assert all(p.grad is None for p in trainer.objective.parameters())
    assert all(p.grad is not None for p in trainer.model.encoder.parameters())
    trainer.model.zero_grad()
    terms.own.backward()
    assert all(p.grad is not None for p in trainer.objective.parameters())
    assert all(p.grad is None for p in trainer.model.parameters())


def test_parts_that_do_not_go_together_are_refused_with_the_reason(capsys, tmp_path):
    argv = ["train", "--dataset", "toy-stripes", "--epochs", "1", "--out", str(tmp_path / "no")]
    assert main([*argv, "--objective", "autoencoder", "--posterior", "toy-full"]) == 2
    assert "reconstruction alone would leave its width untrained" in capsys.readouterr().err
    assert main([*argv, "--objective", "toy-critic", "--posterior", "point"]) == 2
    assert "there is no density to draw from" in capsys.readouterr().err
    assert main([*argv, "--prior", "toy-mixture", "--set", "objective.free_bits=1"]) == 2
    assert "set free_bits to 0" in capsys.readouterr().err


def test_an_objective_that_decodes_twice_is_estimated_to_take_longer():
    from vae.runs.estimate import work

    once, twice = (work(VAEConfig(), count).multiply_adds for count in (1, 2))
    # encoder and decoder of the default model are nearly alike
    assert twice / once == pytest.approx(1.5, abs=0.1)


# ---- the pages ---------------------------------------------------------------------------------


def test_the_form_offers_every_toy_with_its_options():
    app = open_page("train", NAMES["data set"])
    offered = {
        "dataset": "Toy stripes",
        "architecture": "Toy thin",
        "objective": "Toy critic",
        "likelihood": "Toy Laplace",
        "prior": "Toy mixture",
        "conditioning": "Toy planes",
    }
    for kind, title in offered.items():
        assert title in app.selectbox(key=parts.key_of(kind, "elbo")).options
    posteriors = app.selectbox(key=parts.key_of("posterior", "elbo")).options
    assert posteriors == [title_of(cls) for cls in posteriors_for(OBJECTIVES["elbo"]).values()]
    assert "Toy full covariance" in posteriors
    app.selectbox(key="train.dataset").select("toy-stripes")
    app.selectbox(key="train.prior").select("toy-mixture").run()
    assert app.number_input(key="train.prior.toy-mixture.components").value == 3
    app.selectbox(key="train.objective").select("toy-critic").run()
    assert app.number_input(key="train.objective.toy-critic.weight").value == 0.5
    assert not app.exception


@pytest.mark.parametrize("kind", PARTS)
def test_the_pad_opens_with_what_the_model_can(kind):
    open_page("explore", NAMES[kind])
    encoder = header_of(payloads.payload(NAMES[kind], "encoder").body)
    full = kind in ("posterior", "all")
    assert encoder["factorises"] != full
    assert encoder["readout"] == ({"loc": [0, 2]} if full else {"loc": [0, 2], "log_scale": [2, 4]})


def test_a_sheet_of_a_conditional_model_has_a_column_per_class_or_one_class(capsys, tmp_path):
    from PIL import Image

    name, out = NAMES["conditioning"], str(tmp_path / "sheet.png")
    printed = said(capsys, "sample", name, "--count", "6", "--zoom", "1", "--out", out)
    assert "of all classes in turn" in printed
    with Image.open(out) as picture:
        assert picture.size == (2 * 10 + 2, 3 * 10 + 2)
    printed = said(capsys, "sample", name, "--label", "upright", "--count", "6", "--out", out)
    assert "6 images of class upright" in printed
    assert main(["sample", name, "--label", "slanted", "--out", out]) == 2
    assert "choose from lying, upright" in capsys.readouterr().err
    assert main(["sample", NAMES["data set"], "--label", "upright", "--out", out]) == 2
    assert "is told no class; leave --label out" in capsys.readouterr().err


def test_the_map_decodes_a_place_as_the_class_that_is_chosen():
    app = open_page("map", NAMES["conditioning"])
    app.session_state["map_view"] = "Against the prior"
    app.run()
    assert app.selectbox(key="map_told_class").options == ["lying", "upright"]
    app.selectbox(key="map_told_class").select(1).run()
    assert not app.exception


@pytest.mark.parametrize("kind", PARTS)
def test_the_map_colours_by_kl_and_offers_ellipses_of_covariances_too(kind):
    app = open_page("map", NAMES[kind])
    offered = {box.label: box.options for box in app.selectbox}
    assert {"KL", "σ"} <= set(offered["Colour"])
    assert "some images" in offered["Ellipses of"]


@pytest.mark.parametrize("kind", PARTS)
def test_the_map_holds_q_against_the_prior_whatever_it_is(kind):
    app = open_page("map", NAMES[kind])
    app.session_state["map_view"] = "Against the prior"
    app.run()
    assert not app.exception
    text = text_of(app)
    assert "of the draws from the prior fall into holes" in text
    assert ("where the prior has" in text) == (kind not in ("prior", "odd-prior", "all"))
    # over all of z its density is known, whatever the prior
    assert "an autoencoder has no prior" not in text and "the density of 5,000 draws" not in text


def test_the_page_of_paths_says_where_one_is_that_the_browser_does_not_know():
    text = text_of(open_page("interpolate", NAMES["data set"]))
    assert "python -m vae interpolate --method detour" in text


def test_a_model_is_called_what_its_objective_says(trained):
    header = checkpoint.read_header(trained / f"{NAMES['objective']}.safetensors")
    assert words.kind(header) == "toy VAE"


def test_a_page_with_a_route_of_its_own_is_one_file(tmp_path):
    shutil.copytree(ROOT / "pages", tmp_path / "pages")
    shutil.copy(ROOT / "app.py", tmp_path)
    shutil.copy(ROOT / "tests" / "toys" / "page.py", tmp_path / "pages" / "numbers.py")
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=FIRST_RUN).run()
    app.switch_page("pages/numbers.py").run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Toy numbers"]
    served = navigation.routes(tmp_path / "pages", "")
    assert ask(served, "/toy-numbers/3").body == b"1 2 3"
    # what the other pages fetch is served beside it
    assert {route.path for route in navigation.routes(ROOT / "pages", "")} < {
        route.path for route in served
    }
