"""The command that trains a sweep: its table, its JSON, and what it refuses."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from vae import checkpoint
from vae.__main__ import main
from vae.files.writing import runs_folder
from vae.runs import sweep
from vae.sweep import Sweep

SMALL = ("--dataset", "digits", "--set", "architecture.hidden=16", "--epochs", "1")


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Path, str]:
    """Train a sweep of two seeds and two sizes once; return its folder and what was printed."""
    import contextlib
    import io

    out, printed = tmp_path_factory.mktemp("runs") / "mine", io.StringIO()
    argv = ["sweep", *SMALL, "--vary", "seed=0,1", "--vary", "z_dim=2,3", "--out", str(out)]
    with contextlib.redirect_stdout(printed):
        assert main(argv) == 0
    return out, printed.getvalue()


@pytest.fixture
def own(trained, tmp_path) -> Path:
    """A copy of that sweep which a test may change."""
    shutil.copytree(trained[0].parent, tmp_path / "copies")
    return tmp_path / "copies" / "mine"


def output(capsys, *argv: object) -> str:
    capsys.readouterr()
    assert main([str(word) for word in argv]) == 0
    return capsys.readouterr().out


def refusal(capsys, *argv: object) -> str:
    capsys.readouterr()
    assert main([str(word) for word in argv]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    return printed.err


def test_it_trains_every_combination_and_says_which_one_it_is_at(trained):
    out, printed = trained
    found = Sweep.open(out)
    assert len(found.finished()) == 4
    assert "member 2 of 4: seed 0, z_dim 3 (mine-2)" in printed
    assert re.search(r"about .* left in all", printed)
    model = checkpoint.read(found.checkpoint_of(found.members[3]))
    assert (model.model.config.z_dim, model.training["seed"]) == (3, 1)


def test_the_table_is_printed_again_without_training(trained, capsys):
    out, printed = trained
    shown = output(capsys, "sweep", out)
    assert printed.endswith(shown)
    assert shown.startswith("mine: digits, seed and z_dim varied, 4 of 4 finished\n")


def test_the_json_holds_what_each_file_says_and_the_spread_of_it(trained, capsys):
    out, _ = trained
    printed = json.loads(output(capsys, "sweep", out, "--json"))
    assert printed["varied"] == {"seed": [0, 1], "z_dim": [2, 3]}
    assert [one["values"]["z_dim"] for one in printed["members"]] == [2, 3, 2, 3]
    files = [checkpoint.read(one["model"]).metrics for one in printed["members"]]
    for one, metrics in zip(printed["members"], files, strict=True):
        assert {**metrics, **one["metrics"]} == one["metrics"]
    of_two, of_three = printed["spread"]
    assert (of_two["of"], of_three["of"]) == ("z_dim 2", "z_dim 3")
    # −ELBO of the two seeds of z_dim 2; the deviation is divided by n − 1
    kls = [files[0]["kl"], files[2]["kl"]]
    assert of_two["kl"]["mean"] == pytest.approx(np.mean(kls))
    assert of_two["kl"]["std"] == pytest.approx(np.std(kls, ddof=1))
    assert "nearest in another map" in of_two["retraining"][0]


def test_each_number_of_the_table_stands_under_its_title(trained, capsys):
    out, _ = trained
    found = Sweep.open(out)
    lines = output(capsys, "sweep", out).splitlines()
    at = lines[1].index("Rate") + len("Rate")
    for line, member in zip(lines[2:6], found.members, strict=True):
        metrics = checkpoint.read_header(found.checkpoint_of(member))["metrics"]
        assert line[:at].split()[-1] == f"{metrics['kl']:.2f}"


def test_the_likelihood_is_of_validation_images_and_advises_a_size(trained, capsys):
    flags = ("--importance-samples", 5, "--images", 40, "--json")
    found = json.loads(output(capsys, "sweep", trained[0], *flags))["nll"]
    assert (found["split"], found["n_images"], found["samples"]) == ("validation", 40, 5)
    assert all(one["nll"] > 0 and one["stderr"] > 0 for one in found["members"].values())
    assert found["z_dim"] in (2, 3)
    assert str(found["z_dim"]) in found["advice"]


def test_members_that_are_gone_are_said_and_the_others_count(own, capsys):
    shutil.rmtree(own.with_name("mine-1"))
    (own.with_name("mine-2") / "model.safetensors").write_bytes(b"broken")
    text = output(capsys, "sweep", own)
    assert "2 of 4 finished" in text
    assert re.search(r"mine-1 .*deleted", text)
    assert re.search(r"mine-2 .*damaged", text)


def test_resume_leaves_what_has_finished_and_renew_makes_the_deleted_anew(own, capsys):
    shutil.rmtree(own.with_name("mine-3"))
    before = {path: path.stat().st_mtime_ns for path in Sweep.open(own).finished().values()}
    assert "3 of 4 finished" in output(capsys, "sweep", "--resume", own)
    assert "4 of 4 finished" in output(capsys, "sweep", "--resume", own, "--renew")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_further_values_are_trained_and_join_the_table(own, capsys):
    text = output(capsys, "sweep", own, "--vary", "z_dim=4")
    assert "6 of 6 finished" in text
    assert "mine-5  seed 0, z_dim 4" in text


def test_a_sweep_in_the_folder_of_runs_is_found_by_its_name(own, capsys, monkeypatch):
    monkeypatch.setenv("VAE_RUNS", str(own.parent))
    assert "4 of 4 finished" in output(capsys, "sweep", "mine")


@pytest.mark.parametrize(
    "flags, words",
    [
        ((), "--vary says what differs"),
        (("--vary", "seed"), "--vary takes OPTION=A,B"),
        (("--vary", "seed=0,,1"), "--vary takes OPTION=A,B"),
        (("--vary", "seed=1"), "needs two members"),
        (("--vary", "seed=0,1,0"), "twice"),
        (("--vary", "seed=0,1", "--vary", "seed=2"), "given twice"),
        (("--vary", "depth=1,2"), "no option 'depth'"),
        (("--vary", "seed=0,x"), "whole number, not 'x'"),
        (("--vary", "z_dim=2,500"), "not 500"),
        (("--vary", "seed=0,1", "--out", ""), "--out names no sweep"),
        (("--vary", "seed=0,1", "--out", "a name"), "cannot be the name"),
        (("--vary", "seed=0,1", "--renew"), "--renew goes with --resume"),
        (("--vary", "seed=0,1", "--importance-samples", "0"), "from 1"),
        (("--vary", "seed=0,1", "--dataset", "mnits"), "unknown data set"),
        (("--resume", "nothing"), "leave --dataset out"),
    ],
)
def test_a_wrong_setting_is_refused_and_leaves_nothing(flags, words, capsys):
    assert words in refusal(capsys, "sweep", *SMALL, *flags)
    assert not runs_folder().exists() or not list(runs_folder().iterdir())


@pytest.mark.parametrize(
    "argv, words",
    [
        (("nothing",), "there is no sweep 'nothing'"),
        (("--resume", "nothing"), "there is no sweep 'nothing'"),
        (("nothing", "--z-dim", "3"), "leave --z-dim out"),
    ],
)
def test_a_sweep_that_is_none_is_refused(argv, words, capsys):
    assert words in refusal(capsys, "sweep", *argv)


def test_a_name_that_is_taken_is_refused(own, capsys):
    assert "the name mine is taken" in refusal(
        capsys, "sweep", *SMALL, "--vary", "seed=0,1", "--out", own
    )


def test_a_sweep_of_which_nothing_finished_says_so(own, capsys):
    made = Sweep.open(own)
    for member in made.members:
        shutil.rmtree(made.folder_of(member))
        sweep.renew(made, member)
        config = made.folder_of(member) / "config.json"
        config.write_text(config.read_text().replace('"digits"', '"gone"'))
    assert main(["sweep", "--resume", str(own)]) == 2
    assert "no member of mine has finished" in capsys.readouterr().err
