"""The command `project`: what it writes, prints and refuses."""

import dataclasses
import json

import numpy as np
import pytest

from tests.tiny_models import IMAGES, tiny_checkpoint
from vae import checkpoint
from vae.__main__ import main
from vae.latent.projection import TSNE, principal_plane
from vae.models.config import VAEConfig
from vae.models.networks import MLP


@pytest.fixture
def model(tmp_path) -> str:
    """Write an untrained model of seven dimensions with its atlas."""
    config = VAEConfig((1, 8, 8), z_dim=7, architecture=MLP(hidden=(8,)))
    path = tmp_path / "tiny.safetensors"
    checkpoint.write(path, tiny_checkpoint("tiny", config))
    return str(path)


def test_the_default_is_the_principal_plane_of_every_image(model, tmp_path, capsys):
    out = tmp_path / "new" / "xy.npz"
    assert main(["project", model, "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: {IMAGES} of {IMAGES} encoded images by pca\n"
    atlas = checkpoint.read(model).atlas
    with np.load(out) as written:
        assert written["xy"].dtype == np.float32
        # float32 coordinates of a few units
        np.testing.assert_allclose(
            written["xy"], principal_plane(atlas.loc).project(atlas.loc), atol=1e-6
        )
        np.testing.assert_array_equal(written["row"], np.arange(IMAGES))
        np.testing.assert_array_equal(written["label"], atlas.label)


def test_json_is_all_that_is_printed_and_options_are_obeyed(model, tmp_path, capsys):
    out = str(tmp_path / "xy.npz")
    sets = ["--set", "count=40", "--set", "iterations=300", "--set", "seed=3"]
    assert main(["project", model, "--method", "tsne", "--out", out, "--json", *sets]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"out": out, "method": "tsne", "n_images": 40}
    options = TSNE(count=40, iterations=300, seed=3)
    rows = options.rows(IMAGES)
    with np.load(out) as written:
        np.testing.assert_array_equal(written["row"], rows)
        loc = checkpoint.read(model).atlas.loc[rows]
        np.testing.assert_array_equal(written["xy"], options.fit(loc))


def test_progress_goes_to_standard_output_in_tenths(model, tmp_path, capsys):
    argv = ["project", model, "--method", "tsne", "--out", str(tmp_path / "xy.npz")]
    assert main([*argv, "--set", "iterations=500"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tsne: 10 % of 500 steps"
    assert lines[9] == "tsne: 100 % of 500 steps"
    assert len(lines) == 11


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "required: CHECKPOINT, --out; see python -m vae project --help"),
        ("x", "required: --out; see python -m vae project --help"),
        ("x --out {out} --method mds", "'mds' (choose from"),
        ("x --out {out}", "there is no model 'x'"),
        ("{model} --out {out} --set k=3", "unknown option 'k' of pca; choose from none"),
        ("{model} --out {out} --method tsne --set count", "--set takes OPTION=VALUE, such as"),
        ("{model} --out {out} --method tsne --set count=2", "count must be from 10 to"),
        ("{model} --out {out} --method umap --set min-dist=2", "min_dist must be from 0 to"),
        ("{model} --out /proc/xy.npz", "cannot write /proc/xy.npz"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, words, model, tmp_path, capsys):
    argv = [part.format(model=model, out=tmp_path / "xy.npz") for part in arguments.split()]
    assert main(["project", *argv]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert words in printed.err
    assert printed.err.count("\n") == 1


def test_a_model_without_encoded_images_is_refused(model, tmp_path, capsys):
    bare = tmp_path / "bare.safetensors"
    checkpoint.write(bare, dataclasses.replace(checkpoint.read(model), atlas=None))
    assert main(["project", str(bare), "--out", str(tmp_path / "xy.npz")]) == 2
    assert "holds no encoded images" in capsys.readouterr().err


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_a_collapsed_model_ends_in_one_sentence(method, tmp_path, capsys):
    config = VAEConfig((1, 8, 8), z_dim=3, architecture=MLP(hidden=(8,)))
    made = tiny_checkpoint("fallen", config)
    atlas = dataclasses.replace(made.atlas, loc=made.atlas.loc / 50)
    path = tmp_path / "fallen.safetensors"
    checkpoint.write(path, dataclasses.replace(made, atlas=atlas))
    out = tmp_path / "xy.npz"
    assert main(["project", str(path), "--method", method, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "all codes are nearly equal" in said
    assert said.count("\n") == 1
    assert not out.exists()
