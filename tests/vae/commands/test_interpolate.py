"""`python -m vae interpolate`: both ends can be named in every way, or are refused in a line."""

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint
from vae.__main__ import main
from vae.export import pictures
from vae.latent import paths as latent
from vae.models.config import VAEConfig
from vae.models.likelihoods import Gaussian
from vae.models.networks import MLP

SMALL = MLP(hidden=(32, 16))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write models: grey, of colours, without an atlas, and a plain autoencoder."""
    made = tmp_path_factory.mktemp("models")
    configs = {
        "grey": VAEConfig((1, 12, 10), 2, SMALL),
        "colour": VAEConfig((3, 9, 8), 2, SMALL, Gaussian()),
        "point": VAEConfig((1, 12, 10), 2, SMALL, posterior="point"),
    }
    for name, config in configs.items():
        checkpoint.write(made / f"{name}.safetensors", tiny_checkpoint(name, config))
    bare = tiny_checkpoint("bare", configs["grey"])
    fields = {field: getattr(bare, field) for field in bare.__dataclass_fields__}
    checkpoint.write(made / "bare.safetensors", checkpoint.Checkpoint(**fields | {"atlas": None}))
    return made


@pytest.fixture
def walk(folder, tmp_path, capsys):
    """Run the command on a model of the folder; give the strip's images and what was printed."""

    def run(name: str, start: str, end: str, *flags: str) -> tuple[np.ndarray, str]:
        out = tmp_path / "path.png"
        argv = (str(folder / f"{name}.safetensors"), "--from", start, "--to", end, *flags)
        assert main(["interpolate", *argv, "--zoom", "1", "--out", str(out)]) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        with Image.open(out) as picture:
            return np.asarray(picture), printed.out

    return run


@pytest.fixture
def refusal(folder, tmp_path, capsys):
    """Run the command, which must fail with one line on standard error, and give that line."""

    def run(name: str, start: str, end: str, *flags: str) -> str:
        out = tmp_path / "path.gif"
        argv = (str(folder / f"{name}.safetensors"), f"--from={start}", f"--to={end}", *flags)
        assert main(["interpolate", *argv, "--out", str(out)]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("error: ")
        assert printed.err.count("\n") == 1
        assert not out.exists()
        return printed.err

    return run


def strip(folder, name: str, a: np.ndarray, b: np.ndarray, steps: int, **options) -> np.ndarray:
    """Give the pixels of the strip between two latents."""
    model = checkpoint.read(folder / f"{name}.safetensors").model
    images = pictures.decode(model, latent.path(np.asarray(a), np.asarray(b), steps, **options))
    pixels = pictures.sheet(images, steps)
    return pixels[..., 0] if pixels.shape[-1] == 1 else pixels


def test_an_end_can_be_a_latent(walk, folder):
    shown, printed = walk("grey", "z:0.5,-1", "z:-2,1e-1", "--steps", "5")
    np.testing.assert_array_equal(shown, strip(folder, "grey", [0.5, -1], [-2, 0.1], 5))
    assert "5 images from z:0.5,-1 to z:-2,1e-1, slerp" in printed


def test_an_end_can_be_an_image_of_the_atlas(walk, folder):
    loc = checkpoint.read(folder / "grey.safetensors").atlas.loc
    shown, _ = walk("grey", "index:7", "index:299", "--steps", "4")
    np.testing.assert_array_equal(shown, strip(folder, "grey", loc[7], loc[299], 4))


@pytest.mark.parametrize("start", ["two", "TWO", "2"])
def test_an_end_can_be_a_class_by_name_or_number(start, walk, folder):
    atlas = checkpoint.read(folder / "grey.safetensors").atlas
    ends = [atlas.loc[latent.class_representative(atlas, label)] for label in (2, 0)]
    shown, _ = walk("grey", start, "zero", "--steps", "4")
    np.testing.assert_array_equal(shown, strip(folder, "grey", *ends, 4))


def test_an_end_can_be_a_draw_from_the_prior(walk, folder):
    noise = [torch.randn(2, generator=torch.Generator().manual_seed(seed)) for seed in (0, 5)]
    shown, printed = walk("grey", "prior:0", "prior:5", "--steps", "4")
    np.testing.assert_array_equal(shown, strip(folder, "grey", *map(np.asarray, noise), 4))
    assert "note" not in printed
    _, printed = walk("point", "prior:0", "z:0,0", "--steps", "4")
    assert "note: this model has no prior" in printed


@pytest.mark.parametrize("name", ["grey", "colour", "bare"])
def test_an_end_can_be_a_picture_which_is_encoded(name, walk, folder, tmp_path):
    model = checkpoint.read(folder / f"{name}.safetensors").model
    channels, height, width = model.config.image_shape
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels).convert("L" if channels == 1 else "RGB")
    picture.save(tmp_path / "picture.png")
    x = torch.from_numpy(np.asarray(picture).reshape(height, width, channels).copy())
    with torch.inference_mode():
        loc = model.encode(x.permute(2, 0, 1)[None].float() / 255).loc[0].numpy()
    shown, _ = walk(name, str(tmp_path / "picture.png"), "z:0,0", "--steps", "3")
    np.testing.assert_array_equal(shown, strip(folder, name, loc, np.zeros(2), 3))


def test_a_picture_is_read_as_the_data_set_is_and_what_was_done_is_said(tmp_path, capsys):
    grey = np.full((200, 300), 110, np.uint8)
    grey[30:110, 190:204] = 8
    Image.fromarray(grey).save(tmp_path / "grey.png")
    argv = ("interpolate", "mnist-2d", "--from", str(tmp_path / "grey.png"), "--to", "1")
    assert main([*argv, "--steps", "2", "--out", str(tmp_path / "path.png")]) == 0
    printed = capsys.readouterr().out
    assert "was inverted, stretched from 43.1% and 3.1% of white" in printed
    assert "scaled and centred" in printed
    assert "unlike" not in printed


def test_an_empty_picture_is_said_to_be_empty(refusal, tmp_path):
    Image.new("L", (40, 30), 99).save(tmp_path / "empty.png")
    assert "empty.png is empty" in refusal("grey", str(tmp_path / "empty.png"), "0")


def test_a_class_goes_before_a_file_of_its_name(walk, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two").write_bytes(b"no picture")
    walk("grey", "two", "zero", "--steps", "3")


def test_a_path_can_overshoot_and_say_so(walk, folder):
    shown, printed = walk("grey", "z:1,0", "z:0,1", "--steps", "5", "--overshoot", "0.25")
    expected = strip(folder, "grey", [1.0, 0.0], [0.0, 1.0], 5, overshoot=0.25)
    np.testing.assert_array_equal(shown, expected)
    assert "0.25 beyond both ends" in printed


def test_both_methods_share_one_picture(walk, folder):
    shown, printed = walk("grey", "z:1,0", "z:0,1", "--steps", "5", "--method", "both")
    below = strip(folder, "grey", [1.0, 0.0], [0.0, 1.0], 5, method="slerp")
    np.testing.assert_array_equal(shown[-len(below) :], below)
    assert ", both" in printed


def test_the_time_of_a_frame_can_be_chosen(folder, tmp_path, capsys):
    out = tmp_path / "path.gif"
    argv = (str(folder / "grey.safetensors"), "--from", "z:1,0", "--to", "z:0,1", "--steps", "3")
    assert main(["interpolate", *argv, "--milliseconds", "150", "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.info["duration"] == 150


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("three", "choose from zero, one, two, or give z:0.5,-1, index:123"),
        ("z:", "give 2 finite numbers"),
        ("z:1", "give 2 finite numbers"),
        ("z:1,2,3", "give 2 finite numbers"),
        ("z:nan,0", "give 2 finite numbers"),
        ("z:0,1e400", "give 2 finite numbers"),
        ("z:a,b", "z:a,b is no place"),
        ("index:300", "none of the 300 encoded images of the test split; choose from 0 to 299"),
        ("index:-1", "choose from 0 to 299"),
        ("index:1.5", "choose from 0 to 299"),
        ("index:" + "9" * 5000, "choose from 0 to 299"),
        ("prior:x", "must be a whole number from 0 to 2147483647, not 'x'"),
        ("prior:-1", "not '-1'"),
        ("__class__:x", "unknown class"),
        ("nowhere/picture.png", "cannot read nowhere/picture.png: there is no such file"),
        ("/dev/null", "unknown class '/dev/null'"),
        ("n" * 5000, "unknown class"),
    ],
)
def test_an_end_that_is_nowhere_is_refused(start, words, refusal):
    assert words in refusal("grey", start, "z:0,0")


def test_a_file_that_is_no_picture_is_refused(refusal, tmp_path):
    bad = tmp_path / "notes.txt"
    bad.write_text("no picture")
    line = refusal("grey", str(bad), "z:0,0")
    assert f"{bad}: this is no picture that can be read" in line


def test_a_folder_is_no_picture(refusal, tmp_path):
    (tmp_path / "folder.png").mkdir()
    assert "it is a folder" in refusal("grey", str(tmp_path / "folder.png"), "z:0,0")


@pytest.mark.parametrize("start", ["zero", "index:3"])
def test_a_model_without_encoded_images_says_what_it_can_do(start, refusal):
    assert "bare holds no encoded images" in refusal("bare", start, "z:0,0")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--overshoot", "0.6"), "from 0 to 0.5, not '0.6'"),
        (("--overshoot", "nan"), "from 0 to 0.5, not 'nan'"),
        (("--overshoot", "far"), "not 'far'"),
        (("--milliseconds", "25"), "in steps of 10, not 25"),
        (("--milliseconds", "10"), "from 20 to 1000, not '10'"),
        (("--milliseconds", "1000", "--steps", "1000"), "more than 10 minutes"),
    ],
)
def test_a_wrong_setting_is_refused(flags, words, refusal):
    assert words in refusal("grey", "z:0,0", "z:1,1", *flags)
