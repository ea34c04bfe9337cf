"""PCA and Boltzmann machines by the command line: trained, measured, drawn from."""

import json

import numpy as np
import pytest
from PIL import Image

from vae.__main__ import main

STACK = ("--objective", "dbn", "--set", "architecture.hidden=12", "--set", "prior.steps=20")


def said(capsys, *argv: str) -> str:
    """Run a command and return what it printed, and nothing that was printed before."""
    capsys.readouterr()
    assert main(list(argv)) == 0
    return capsys.readouterr().out


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("runs") / "dbn"
    argv = ("--dataset", "digits", "--z-dim", "6", "--epochs", "2", "--out", str(folder))
    assert main(["train", *argv, *STACK]) == 0
    return str(folder / "model.safetensors")


@pytest.fixture(scope="module")
def components(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("runs") / "pca"
    assert main(["train", "--dataset", "digits", "--objective", "pca", "--out", str(folder)]) == 0
    return str(folder / "model.safetensors")


def test_pca_is_trained_without_a_budget_and_said_to_be_computed(tmp_path, capsys):
    argv = ("train", "--dataset", "digits", "--objective", "pca", "--out", str(tmp_path / "pca"))
    printed = said(capsys, *argv)
    assert "PCA is computed, not learnt: no training makes this model better." in printed
    assert main([*argv, "--epochs", "3"]) == 2
    assert "--epochs has no meaning for PCA; leave it out" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["stack", "components"])
def test_what_has_no_meaning_is_null_with_a_note(name, request, capsys):
    path = request.getfixturevalue(name)
    found = json.loads(said(capsys, "evaluate", path, "--dataset", "digits", "--json"))
    assert np.isfinite(found["reconstruction"])
    assert {found[key] for key in ("elbo", "kl", "kl_per_dim", "bits_per_dim")} == {None}
    assert "one point, without a posterior density" in found["note"]


def test_draws_of_a_stack_come_from_its_chain_and_the_number_of_steps_is_told(
    stack, tmp_path, capsys
):
    out = str(tmp_path / "sheet.png")
    printed = said(capsys, "sample", stack, "--count", "4", "--out", out)
    assert "4 images decoded from draws by 20 steps of its own Gibbs chain, seed 0" in printed
    printed = said(capsys, "sample", stack, "--count", "4", "--out", out, "--gibbs-steps", "7")
    assert "draws by 7 steps" in printed


def test_a_sheet_of_chains_ends_with_the_draws(stack, tmp_path, capsys):
    sheets = [str(tmp_path / name) for name in ("draws.png", "chains.png")]
    said(capsys, "sample", stack, "--count", "4", "--zoom", "1", "--out", sheets[0])
    printed = said(
        capsys, "sample", stack, "--count", "4", "--zoom", "1", "--chain", "--out", sheets[1]
    )
    assert "24 images decoded from 4 Gibbs chains after 0, 1, 2, 5, 10 and 20 steps" in printed
    draws, chains = (np.asarray(Image.open(path)) for path in sheets)
    # the first draw of the sheet of two columns is the last picture of the first of four rows
    side, pitch = 8, (chains.shape[1] - draws.shape[1]) // 4
    first = draws[: side + 4, : side + 4]
    assert np.array_equal(chains[: side + 4, 5 * pitch : 5 * pitch + side + 4], first)


def test_a_model_without_a_chain_refuses_its_flags(components, tmp_path, capsys):
    argv = ["sample", components, "--out", str(tmp_path / "sheet.png")]
    assert main([*argv, "--chain"]) == 2
    assert "this model draws without a Gibbs chain; leave --chain out" in capsys.readouterr().err
