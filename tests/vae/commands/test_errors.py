"""The command line refuses bad input with status 2 and one line that says what to do."""

import pickle
import resource
import signal
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save as save_arrays

from vae import checkpoint, data
from vae.__main__ import main
from vae.checkpoint import Checkpoint
from vae.measures.evaluation import encode_split
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import build
from vae.runs.packaging import describe

TRAIN = ("train", "--dataset", "digits", "--epochs", "1")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    """Write an untrained model of the digits, with its atlas."""
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    digits = data.load("digits")
    tiny = build(VAEConfig((1, 8, 8), architecture=MLP(hidden=(8,))))
    atlas = encode_split(tiny, digits.test)
    content = Checkpoint("tiny", tiny, {}, describe(digits), {}, "", {}, atlas)
    checkpoint.write(path, content)
    return str(path)


def refusal(capsys, *argv: str) -> str:
    """Run a command that must fail and give its one line on standard error."""
    capsys.readouterr()
    assert main(list(argv)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("", "required: COMMAND; see python -m vae --help"),
        ("--json", "required: COMMAND"),
        ("trian", "'trian' (choose from"),
        ("datasets --bogus", "--bogus; see python -m vae datasets --help"),
        ("datasets mnist", "unknown arguments mnist"),
        ("evaluate", "required: CHECKPOINT; see python -m vae evaluate --help"),
        ("sample x", "required: --out"),
        ("sample x --count 0 --out a.png", "from 1 to 10000, not '0'"),
        ("sample x --count many --out a.png", "not 'many'"),
        ("sample x --seed -1 --out a.png", "not '-1'"),
        ("sample x --out a.jpg", "must end in .png"),
        ("interpolate x --from 0 --to 1 --out path", "must end in .gif or .png"),
        ("interpolate x --from 0 --to 1 --steps 1 --out p.gif", "from 2 to 1000, not '1'"),
        ("interpolate x --from 0 --to 1 --method helix --out p.gif", "'lerp', 'slerp'"),
        ("evaluate x --importance-samples -5", "not '-5'"),
        ("evaluate x --split all", "'train', 'validation', 'test'"),
        ("evaluate x --binarize hard", "'none', 'stochastic', 'fixed'"),
        ("export x --format exe --out a", "'html', 'onnx', 'decoder'"),
        ("export x --format html --out a", "html is not available yet; use --format decoder"),
        ("export x --format onnx --out a", "onnx is not available yet; use --format decoder"),
        ("evaluate no-such-model", "there is no model 'no-such-model'"),
    ],
)
def test_a_wrong_command_is_refused(argv, words, capsys):
    assert words in refusal(capsys, *argv.split())


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("--dataset mnits", "unknown data set 'mnits'; choose from mnist"),
        ("--architecture mpl", "unknown architecture 'mpl'; choose from mlp"),
        ("--objective elob", "unknown objective 'elob'; choose from elbo"),
        ("--likelihood poisson", "unknown likelihood 'poisson'; choose from"),
        ("--prior flat", "unknown prior 'flat'; choose from flow, standard-normal"),
        ("--binarize fixed", "unknown binarize 'fixed'; choose from none, stochastic"),
        ("--device abacus", "unknown device 'abacus'; choose from"),
        ("--z-dim 0", "z_dim must be from 1 to 128, not 0"),
        ("--z-dim 100000", "not 100000"),
        ("--z-dim two", "whole number, not 'two'"),
        ("--z-dim 2.5", "whole number, not '2.5'"),
        ("--beta -1", "beta must be from 0 to 10000, not -1"),
        ("--beta nan", "beta must be from 0 to 10000, not nan"),
        ("--beta inf", "not inf"),
        ("--beta=-inf", "not -inf"),
        ("--epochs 0", "epochs must be from 1"),
        ("--epochs=-3", "not -3"),
        ("--epochs 1 --seconds 5", "epochs or in seconds, not both"),
        ("--batch-size 0", "batch_size must be from 1"),
        ("--learning-rate 0", "learning_rate must be above 0"),
        ("--learning-rate nan", "not nan"),
        ("--seed -1", "seed must be from 0"),
        ("--set beta=4", "KIND.OPTION=VALUE"),
        ("--set objective.beta", "KIND.OPTION=VALUE"),
        ("--set =", "KIND.OPTION=VALUE"),
        ("--set decoder.width=4", "unknown kind 'decoder'"),
        ("--set objective.k=50", "unknown option 'k' of elbo; choose from beta"),
        ("--set training.objective=elbo", "use --objective"),
        ("--set architecture.hidden=0", "hidden must be from 1 to 4096, not 0"),
        ("--set architecture.hidden=a,b", "whole number, not 'a'"),
        ("--set architecture.hidden=", "hidden must have"),
        ("--objective autoencoder --beta 2", "unknown option 'beta' of autoencoder"),
        ("--z-dims 3", "--z-dims 3; see python -m vae train --help"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_written(flags, words, tmp_path, capsys):
    out = tmp_path / "run"
    argv = ("train", "--dataset", "digits", *flags.split(), "--out", str(out))
    assert words in refusal(capsys, *argv)
    assert not out.exists()


def test_a_budget_of_no_seconds_is_refused(tmp_path, capsys):
    argv = ("train", "--dataset", "digits", "--seconds", "0", "--out", str(tmp_path / "run"))
    assert "seconds must be above 0" in refusal(capsys, *argv)


@pytest.mark.skipif(torch.cuda.is_available(), reason="asks for a device that must be missing")
def test_a_device_that_is_not_there_is_refused(tmp_path, capsys):
    out = tmp_path / "run"
    assert "no cuda device" in refusal(capsys, *TRAIN, "--device", "cuda", "--out", str(out))
    assert not out.exists()


def test_a_second_run_in_one_folder_is_refused(tmp_path, capsys):
    argv = (*TRAIN, "--set", "architecture.hidden=4", "--out", str(tmp_path / "run"))
    assert main(list(argv)) == 0
    assert "holds a run already" in refusal(capsys, *argv)


def test_resuming_nothing_is_refused(tmp_path, capsys):
    assert "not a run folder" in refusal(capsys, "train", "--resume", str(tmp_path / "none"))


def test_resuming_with_other_settings_is_refused(tmp_path, capsys):
    argv = ("train", "--resume", str(tmp_path), "--z-dim", "3")
    assert "leave --z-dim out" in refusal(capsys, *argv)


def as_version_99(content: bytes) -> bytes:
    return content.replace(rb"\"format_version\": 1", rb"\"format_version\":99")


def as_wrong_shape(content: bytes) -> bytes:
    return content.replace(rb"\"hidden\": [8]", rb"\"hidden\": [9]")


def as_gigantic(content: bytes) -> bytes:
    header = b'{"model.a":{"dtype":"F32","shape":[1000000000,1000000],"data_offsets":[0,4]}}'
    return struct.pack("<Q", len(header)) + header + b"\0\0\0\0"


DAMAGE = {
    "empty": lambda content: b"",
    "truncated in its header": lambda content: content[:100],
    "truncated by a byte": lambda content: content[:-1],
    "longer by a byte": lambda content: content + b"\0",
    "of another version": as_version_99,
    "of another shape": as_wrong_shape,
    "gigantic": as_gigantic,
    "a huge header": lambda content: struct.pack("<Q", 1 << 60) + content[8:],
    "text": lambda content: b"this is no model\n" * 50,
    "noise": lambda content: np.random.default_rng(0).bytes(5000),
    "a pickle": lambda content: pickle.dumps({"state_dict": [1, 2, 3]}),
    "another safetensors file": lambda content: save_arrays({"a": np.zeros(3)}),
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("command", ["evaluate", "sample", "export"])
def test_a_file_that_is_no_checkpoint_is_refused(command, how, model, tmp_path, capsys):
    damaged = DAMAGE[how](Path(model).read_bytes())
    assert damaged != Path(model).read_bytes()
    bad, out = tmp_path / "bad.safetensors", tmp_path / "out.png"
    bad.write_bytes(damaged)
    flags = {
        "evaluate": ("--json",),
        "sample": ("--out", str(out)),
        "export": ("--format", "decoder", "--out", str(out)),
    }
    assert "bad.safetensors" in refusal(capsys, command, str(bad), *flags[command])
    assert [path.name for path in tmp_path.iterdir()] == ["bad.safetensors"]


@pytest.mark.parametrize("name", ["", "n" * 5000, "a/b/c"])
def test_a_path_without_a_file_is_no_checkpoint(name, capsys):
    refusal(capsys, "evaluate", name)


def test_a_folder_is_no_checkpoint(tmp_path, capsys):
    assert "there is no model" in refusal(capsys, "evaluate", str(tmp_path))


def test_images_of_another_shape_are_refused(model, capsys):
    line = refusal(capsys, "evaluate", model, "--dataset", "sprites", "--json")
    assert "(1, 8, 8)" in line
    assert "(1, 64, 64)" in line


def test_an_unknown_data_set_is_refused(model, tmp_path, capsys):
    argv = ("encode", model, "--dataset", "mnits", "--out", str(tmp_path / "codes.npz"))
    assert "unknown data set 'mnits'" in refusal(capsys, *argv)


@pytest.mark.parametrize("label", ["10", "-1", "three", "", "²", "9" * 5000])
def test_a_class_that_the_model_does_not_know_is_refused(label, model, tmp_path, capsys):
    out = str(tmp_path / "path.gif")
    line = refusal(capsys, "interpolate", model, "--from", "3", f"--to={label}", "--out", out)
    assert "choose from 0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in line


def test_neighbours_of_the_training_images_themselves_are_refused(model, capsys):
    line = refusal(capsys, "evaluate", model, "--split", "train", "--knn", "5", "--json")
    assert "choose --split test" in line


@pytest.mark.parametrize("where", ["a file/x.npz", "/proc/no/x.npz", "", "n" * 300])
@pytest.mark.parametrize("command", ["encode", "train"])
def test_a_place_that_cannot_be_written_is_refused(command, where, model, tmp_path, capsys):
    (tmp_path / "a file").touch()
    out = str(tmp_path / where) if where else str(tmp_path / "a file") + "/"
    argv = ("encode", model) if command == "encode" else TRAIN
    assert "cannot" in refusal(capsys, *argv, "--out", out)


def test_a_full_disk_is_refused(model, capsys):
    argv = ("export", model, "--format", "decoder", "--out", "/dev/full")
    assert "the disk is full" in refusal(capsys, *argv)


def test_a_device_is_written_into_and_never_replaced(model):
    assert main(["export", model, "--format", "decoder", "--out", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()


def command_line(*argv: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "vae", *argv]
    return subprocess.run(command, text=True, stderr=subprocess.PIPE, **options)


def test_a_disk_that_fills_up_leaves_the_old_file_as_it_was(model, tmp_path):
    out = tmp_path / "codes.npz"
    out.write_bytes(b"old")

    def allow_a_kilobyte() -> None:
        # a limit on file sizes fails a write in its middle, as a full disk does
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    argv = ("encode", model, "--out", str(out))
    done = command_line(*argv, stdout=subprocess.DEVNULL, preexec_fn=allow_a_kilobyte)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: cannot write {out}")
    assert done.stderr.count("\n") == 1
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["codes.npz"]


def test_printing_to_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        done = command_line("datasets", stdout=full)
    assert done.returncode == 2
    assert (
        done.stderr
        == "error: cannot write standard output: the disk is full; make room and try again\n"
    )


def test_ctrl_c_keeps_what_was_learnt(tmp_path):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "vae", "train", "--dataset", "digits", "--seconds", "600"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "--out", str(out)], **pipes) as process:
        assert process.stdout.readline().startswith("step ")
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complaint == f"cancelled; what was learnt is kept in {out}, go on with --resume {out}\n"
    assert checkpoint.read(out / "model.safetensors").metrics["n_images"] == 359
