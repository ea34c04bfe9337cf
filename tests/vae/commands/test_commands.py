"""The command line: what its commands write and print when all goes well."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from vae import checkpoint, data
from vae.__main__ import main
from vae.commands import COMMANDS
from vae.measures.evaluation import encode_split, evaluate
from vae.models.networks import ARCHITECTURES
from vae.training.objectives import OBJECTIVES

SMALL = ("--dataset", "digits", "--architecture", "mlp", "--set", "architecture.hidden=16")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """Train a tiny model on the digits once."""
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    assert main(["train", *SMALL, "--epochs", "2", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def model(run_folder) -> str:
    return str(run_folder / "model.safetensors")


def output(capsys, *argv: str) -> str:
    """Run a command in this process and give what it printed, which must be no complaint."""
    capsys.readouterr()
    assert main(list(argv)) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def pixels(path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_help_lists_the_commands_without_importing_torch():
    code = (
        "import sys\nfrom vae.__main__ import main\n"
        "try:\n    main(['--help'])\nfinally:\n"
        "    heavy = {'torch', 'sklearn', 'PIL', 'numpy'} & set(sys.modules)\n"
        "    assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help(command, capsys):
    with pytest.raises(SystemExit) as done:
        main([command, "--help"])
    assert done.value.code == 0
    assert f"python -m vae {command}" in capsys.readouterr().out


def test_the_help_of_train_is_derived_from_the_options(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert ", ".join(ARCHITECTURES) in text
    # a line may end at a name's hyphen
    assert ", ".join(OBJECTIVES) in text.replace("- ", "-")
    assert "number of latent dimensions (from 1 to 128; default 2)" in text
    assert "objective.free_bits (elbo)" in text
    assert "%" not in text.replace("%%", "")


def test_datasets_lists_every_data_set(capsys):
    assert set(data.DATASETS) <= set(output(capsys, "datasets").split())
    listed = json.loads(output(capsys, "datasets", "--json"))["datasets"]
    assert [entry["name"] for entry in listed] == list(data.DATASETS)
    assert {entry["state"] for entry in listed if entry["name"] == "digits"} == {"built in"}


def test_train_writes_a_run_whose_model_opens(run_folder, model):
    opened = checkpoint.read(model)
    assert opened.dataset["name"] == "digits"
    assert opened.training["epochs"] == 2
    assert opened.model.config.architecture.hidden == (16,)
    assert json.loads((run_folder / "status.json").read_text())["state"] == "finished"


def test_train_takes_every_flag_and_prints_one_object(tmp_path, capsys):
    flags = (
        "--z-dim 3 --architecture mlp --objective elbo --likelihood gaussian --epochs 1 "
        "--prior standard-normal --beta 0.5 --binarize none --batch-size 64 --learning-rate 0.01 "
        "--seed 7 --device cpu --set objective.free_bits=0.1 --set likelihood.scale=0.2 "
        "--set training.rising-steps=5 --set architecture.hidden=8,4"
    )
    out = tmp_path / "deep" / "run"
    text = output(
        capsys, "train", "--dataset", "digits", *flags.split(), "--out", str(out), "--json"
    )
    printed = json.loads(text)
    opened = checkpoint.read(printed["model"])
    assert printed["metrics"]["n_images"] == 359
    assert printed["verdict"]["kind"] == "short"
    assert opened.model.config.z_dim == 3
    assert opened.model.config.architecture.hidden == (8, 4)
    assert opened.model.config.likelihood.scale == 0.2
    assert opened.training["objective"] == {
        "name": "elbo",
        "beta": 0.5,
        "warmup": 0.0,
        "warmup_steps": None,
        "cycles": 1,
        "free_bits": 0.1,
    }
    expected = {"batch_size": 64, "learning_rate": 0.01, "seed": 7, "rising_steps": 5}
    assert expected.items() <= opened.training.items()


def test_train_without_out_names_a_new_folder_of_its_own(tmp_path, capsys):
    # the shipped digits-2d keeps its name to itself
    for name in ("digits-2d-2", "digits-2d-3"):
        text = output(capsys, "train", *SMALL, "--epochs", "1", "--json")
        assert json.loads(text)["out"] == str(tmp_path / "runs" / name)


def test_train_an_autoencoder_and_read_nulls(tmp_path, capsys):
    out = str(tmp_path / "ae")
    output(capsys, "train", *SMALL, "--objective", "autoencoder", "--epochs", "1", "--out", out)
    result = json.loads(output(capsys, "evaluate", out, "--json"))
    assert result["kl"] is result["elbo"] is result["kl_per_dim"] is None
    assert "one point" in result["note"]
    assert "undefined" in output(capsys, "evaluate", out)


def test_a_finished_run_resumes_to_the_same_model(run_folder, capsys):
    before = checkpoint.read(run_folder / "model.safetensors").metrics
    text = output(capsys, "train", "--resume", str(run_folder), "--json")
    assert json.loads(text)["metrics"] == before


def test_evaluate_prints_what_the_library_finds(model, capsys):
    printed = json.loads(output(capsys, "evaluate", model, "--dataset", "digits", "--json"))
    opened, split = checkpoint.read(model), data.load("digits").test
    assert printed == {"dataset": "digits", **evaluate(opened.model, split).to_json()}
    assert {"elbo", "reconstruction", "kl", "bits_per_dim", "kl_per_dim", "active_units"} < set(
        printed
    )


def test_a_checkpoint_carries_the_metrics_that_evaluate_prints(model, capsys):
    printed = json.loads(output(capsys, "evaluate", model, "--json"))
    stored = checkpoint.read(model).metrics
    assert {key: stored[key] for key in ("elbo", "kl", "n_images")} == {
        key: printed[key] for key in ("elbo", "kl", "n_images")
    }


def test_evaluate_takes_a_split_samples_and_a_binarization(model, capsys):
    flags = ("--split", "validation", "--importance-samples", "20", "--binarize", "stochastic")
    printed = json.loads(output(capsys, "evaluate", model, *flags, "--knn", "5", "--json"))
    assert (printed["split"], printed["n_images"], printed["binarize"]) == (
        "validation",
        120,
        "stochastic",
    )
    # the importance-weighted bound is the tighter one
    assert printed["nll"] < -printed["elbo"]
    assert printed["nll_stderr"] > 0
    assert 0 < printed["knn_accuracy"] <= 1


def test_evaluate_tells_a_person_the_units_and_what_it_measured(model, capsys):
    text = output(capsys, "evaluate", model, "--importance-samples", "3", "--binarize", "fixed")
    assert "digits, test split, 359 images, fixed binarization" in text
    assert "nats per image" in text
    assert "3 importance samples" in text
    assert "own fixed draw" in text


def test_encode_writes_loc_scale_and_label(model, tmp_path, capsys):
    out = tmp_path / "new" / "codes.npz"
    output(capsys, "encode", model, "--dataset", "digits", "--split", "train", "--out", str(out))
    expected = encode_split(checkpoint.read(model).model, data.load("digits").train)
    with np.load(out) as codes:
        assert set(codes) == {"loc", "scale", "label"}
        for name in codes:
            np.testing.assert_array_equal(codes[name], getattr(expected, name))
    assert [path.name for path in out.parent.iterdir()] == ["codes.npz"]


def test_sample_draws_a_sheet_that_its_seed_decides(model, tmp_path, capsys):
    pictures = []
    for i, seed in enumerate("001"):
        out = tmp_path / f"{i}.png"
        flags = ("--count", "10", "--zoom", "3", "--seed", seed, "--out", str(out))
        output(capsys, "sample", model, *flags)
        pictures.append(pixels(out))
    # four columns and three rows of 8 pixels, with gaps of 2 around each
    assert pictures[0].shape == (3 * (3 * 10 + 2), 3 * (4 * 10 + 2))
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0] != pictures[2]).any()


def test_a_traversal_has_a_row_for_each_dimension_about_the_origin(model, tmp_path, capsys):
    out = tmp_path / "rows.png"
    flags = ("--layout", "traversal", "--steps", "3", "--zoom", "1", "--out", str(out))
    said = output(capsys, "sample", model, *flags)
    assert "equal steps of the prior's probability" in said and "seed" not in said
    sheet = pixels(out)
    z_dim = checkpoint.read(model).model.config.z_dim
    assert sheet.shape == (z_dim * 10 + 2, 3 * 10 + 2)
    # the middle of every row is the decoded origin
    middles = [sheet[10 * i + 2 : 10 * i + 10, 12:20] for i in range(z_dim)]
    assert all((middle == middles[0]).all() for middle in middles)
    assert (sheet[2:10, 2:10] != middles[0]).any()


def test_interpolate_animates_there_and_back(model, tmp_path, capsys):
    out = tmp_path / "path.gif"
    flags = ("--from", "3", "--to", "7", "--steps", "5", "--zoom", "2", "--out", str(out))
    output(capsys, "interpolate", model, *flags)
    with Image.open(out) as picture:
        assert picture.size == (16, 16)
        shown = [picture.seek(i) or picture.info["duration"] for i in range(picture.n_frames)]
    # equal neighbours are merged in the file, so that time counts and not frames
    assert sum(shown) == 8 * 60


@pytest.mark.parametrize("method", ["lerp", "slerp"])
def test_interpolate_draws_a_strip(method, model, tmp_path, capsys):
    out = tmp_path / "path.png"
    flags = ("--from", "0", "--to", "1", "--steps", "4", "--zoom", "1", "--method", method)
    output(capsys, "interpolate", model, *flags, "--out", str(out))
    assert pixels(out).shape == (12, 4 * 10 + 2)


def test_export_writes_what_the_browser_loads(model, tmp_path, capsys):
    from vae.export.networks import decoder_payload

    out = tmp_path / "decoder.bin"
    output(capsys, "export", model, "--format", "decoder", "--out", str(out))
    assert out.read_bytes() == decoder_payload(checkpoint.read(model))


def test_a_model_is_found_by_the_name_of_its_run(run_folder, monkeypatch, capsys):
    monkeypatch.setenv("VAE_RUNS", str(run_folder.parent))
    assert json.loads(output(capsys, "evaluate", "tiny", "--json"))["n_images"] == 359


def test_output_into_a_closed_pipe_ends_quietly():
    command = f"{sys.executable} -m vae datasets | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stderr == ""
