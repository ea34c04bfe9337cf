"""Checkpoints: saving then loading is identity, and nothing bad is ever let in."""

import dataclasses
import itertools
import json
import os
import pickle
import struct

import numpy as np
import pytest
import torch

import vae
from vae import checkpoint as checkpoints
from vae.checkpoint import Atlas, Checkpoint, read, read_header, write
from vae.errors import UserError
from vae.library import find, library
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import ARCHITECTURES, MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig

TINY = VAEConfig(image_shape=(1, 8, 8), architecture=MLP(hidden=(16,)))


def make(config=TINY, count=5, half=True):
    model = build(config).eval()
    if half:
        checkpoints.round_to_half(model)
    rng = np.random.default_rng(0)
    atlas = Atlas(
        loc=rng.normal(size=(count, config.z_dim)).astype(np.float32),
        scale=rng.random((count, config.z_dim)).astype(np.float16).astype(np.float32),
        label=np.arange(count, dtype=np.int64) - 1,
        index=np.arange(count, dtype=np.int64),
    )
    return Checkpoint(
        name="toy",
        model=model,
        training=TrainConfig(seed=1).to_json(),
        dataset={"name": "digits"},
        metrics={"elbo": -1.5},
        created=checkpoints.now(),
        versions={"torch": torch.__version__},
        atlas=atlas,
    )


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "toy.safetensors"
    write(path, make())
    return path


def rewritten(path, change):
    """Apply a change to the outer header's JSON and write the file again."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    layout = json.loads(data[8 : 8 + length])
    text = json.dumps(change(layout)).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
    return path


def with_header(path, **changes):
    """Replace entries of the model's own header."""

    def change(layout):
        header = json.loads(layout["__metadata__"]["vae"])
        layout["__metadata__"]["vae"] = json.dumps(header | changes)
        return layout

    return rewritten(path, change)


@pytest.mark.parametrize(
    ("architecture", "likelihood"), list(itertools.product(ARCHITECTURES, LIKELIHOODS))
)
@pytest.mark.parametrize("half", [True, False])
def test_save_then_load_is_identity(tmp_path, architecture, likelihood, half):
    config = VAEConfig(
        image_shape=(3, 9, 10),
        z_dim=3,
        architecture=ARCHITECTURES[architecture](),
        likelihood=LIKELIHOODS[likelihood](),
    )
    before = make(config, half=half)
    write(tmp_path / "toy.safetensors", before)
    after = read(tmp_path / "toy.safetensors")
    for name, value in before.model.state_dict().items():
        assert torch.equal(after.model.state_dict()[name], value)
    for field in ("loc", "scale", "label", "index"):
        np.testing.assert_array_equal(getattr(after.atlas, field), getattr(before.atlas, field))
    for field in ("name", "training", "dataset", "metrics", "created", "versions"):
        assert getattr(after, field) == getattr(before, field)
    assert after.model.config == config


@pytest.mark.parametrize(("means", "kind"), [(0.5, "F16"), (0.1, "F32")])
def test_means_take_two_bytes_each_where_that_loses_nothing(tmp_path, means, kind):
    checkpoint = make()
    checkpoint.atlas.loc[:] = means
    write(tmp_path / "toy.safetensors", checkpoint)
    data = (tmp_path / "toy.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert json.loads(data[8 : 8 + length])["atlas.loc"]["dtype"] == kind


def test_rounded_weights_are_stored_in_half_the_bytes(tmp_path):
    for half in (True, False):
        write(tmp_path / f"{half}.safetensors", make(half=half, count=1))
    small, large = (tmp_path / f"{half}.safetensors" for half in (True, False))
    weights = sum(p.numel() for p in make().model.parameters())
    assert large.stat().st_size - small.stat().st_size == pytest.approx(2 * weights, abs=200)


def test_the_header_alone_tells_model_and_numbers(saved):
    header = read_header(saved)
    assert header["metrics"] == {"elbo": -1.5}
    assert VAEConfig.from_json(header["model"]) == TINY


def test_a_loaded_model_encodes_and_decodes(saved):
    model = vae.load(str(saved))
    qz = model.encode(torch.rand(2, 1, 8, 8))
    assert model.decode_mean(qz.loc).shape == (2, 1, 8, 8)


def test_missing_keys_take_their_defaults(saved):
    def change(layout):
        header = json.loads(layout["__metadata__"]["vae"])
        del header["training"], header["model"]["likelihood"]
        layout["__metadata__"]["vae"] = json.dumps(header)
        return layout

    after = read(rewritten(saved, change))
    assert after.training == {}
    assert after.model.config == TINY


def test_a_truncated_file_is_refused_at_every_length(saved):
    data = saved.read_bytes()
    for length in (0, 1, 7, 8, 9, 100, len(data) // 2, len(data) - 1):
        saved.write_bytes(data[:length])
        with pytest.raises(UserError, match="not a whole checkpoint"):
            read(saved)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello, this is text\n" * 50,
        pickle.dumps({"weights": [1, 2, 3]}),
        b"PK\x03\x04" + bytes(200),
        np.random.default_rng(0).bytes(5000),
        struct.pack("<Q", 2**62) + bytes(100),
        struct.pack("<Q", 4) + b"[[[[" + bytes(100),
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 100_000) + b"[" * 100_000,
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(UserError, match="^[^\n]*bad.safetensors[^\n]*$"):
        read(path)


def test_a_pickle_is_named_as_one_and_never_run(tmp_path):
    path = tmp_path / "bad.safetensors"
    torch.save({"weights": torch.zeros(3)}, path)
    with pytest.raises(UserError, match="pickle"):
        read(path)


def test_another_version_says_what_to_do(saved):
    with pytest.raises(UserError, match="format version 99.*open it with the release"):
        read(with_header(saved, format_version=99))


def test_an_unknown_entry_is_an_error_that_names_it(saved):
    with pytest.raises(UserError, match="unknown entry 'mood'"):
        read(with_header(saved, mood="good"))


@pytest.mark.parametrize(
    "changes",
    [
        {"z_dim": 100_000},
        {"z_dim": 3},
        {"architecture": {"name": "mlp", "hidden": [10**9]}},
        {"architecture": {"name": "mlp", "hidden": [4096] * 16}},
        {"architecture": {"name": "mlp", "hidden": [8] * 300_000}},
        {"architecture": {"name": "../../etc"}},
        {"architecture": {"name": "mlp", "colour": 3}},
        {"image_shape": [1, 10**6, 10**6]},
        {"image_shape": "big"},
        {"posterior": "point"},
    ],
)
def test_shapes_that_do_not_fit_or_are_gigantic_are_refused_before_allocating(saved, changes):
    model = read_header(saved)["model"] | changes
    with pytest.raises(UserError, match="^[^\n]*toy.safetensors"):
        read(with_header(saved, model=model))


@pytest.mark.parametrize("reader", [read, read_header])
def test_a_header_of_more_than_a_megabyte_is_refused(saved, reader):
    def pad(layout):
        layout["__metadata__"]["padding"] = "x" * (1 << 20)
        return layout

    with pytest.raises(UserError, match="does not start like a safetensors file"):
        reader(rewritten(saved, pad))


@pytest.mark.parametrize("reader", [read, read_header])
def test_a_file_of_more_than_256_megabytes_is_refused_unread(saved, reader):
    # a hole, which takes no room on the disk
    os.truncate(saved, 257 << 20)
    with pytest.raises(UserError, match="has 257 MB, more than the 256 MB a checkpoint may have"):
        reader(saved)


def test_a_kl_of_other_dimensions_than_the_models_is_refused(saved):
    z_dim = read_header(saved)["model"]["z_dim"]
    path = with_header(saved, metrics={"kl_per_dim": [1.0] * (z_dim + 1)})
    with pytest.raises(UserError, match=f"kl_per_dim has {z_dim + 1} numbers where z has {z_dim}"):
        read_header(path)


@pytest.mark.parametrize("key", ["model", "training", "dataset", "metrics", "versions"])
def test_entries_of_the_wrong_kind_are_refused(saved, key):
    with pytest.raises(UserError, match=f"toy.safetensors .*{key} in its header is not an object"):
        read(with_header(saved, **{key: [1, 2]}))


@pytest.mark.parametrize(
    "changes",
    [
        {"training": {"objective": {"name": "wish"}}},
        {"training": {"mood": 1}},
        {"dataset": {"class_names": 5}},
        {"dataset": {"class_names": [1, 2]}},
        {"dataset": {"name": 7}},
        {"metrics": {"elbo": "<b>"}},
        {"metrics": {"kl_per_dim": [None, "x"]}},
        {"metrics": {"kl_per_dim": [float("nan")]}},
        {"created": 5},
    ],
)
def test_entries_that_readers_could_not_use_are_refused(saved, changes):
    for reader in (read, read_header):
        with pytest.raises(UserError, match="^[^\n]*toy.safetensors"):
            reader(with_header(saved, **changes))


def test_an_objective_may_stand_by_its_name_alone(saved):
    header = read_header(with_header(saved, training={"objective": "elbo"}))
    assert header["training"]["objective"]["beta"] == 1.0


@pytest.mark.parametrize(("field", "value"), [("label", -2), ("index", -1), ("scale", -0.5)])
def test_an_atlas_out_of_range_is_refused(tmp_path, field, value):
    checkpoint = make()
    getattr(checkpoint.atlas, field)[:] = value
    write(tmp_path / "bad.safetensors", checkpoint)
    with pytest.raises(UserError, match="its atlas has"):
        read(tmp_path / "bad.safetensors")


def test_a_model_too_large_to_be_opened_again_is_refused_before_it_is_trained():
    config = dataclasses.replace(TINY, architecture=MLP(hidden=(4096,) * 6))
    with torch.device("meta"):
        model = VAE(config)
    with pytest.raises(UserError, match="more than the 256 MB .* narrower layers"):
        checkpoints.check_size(model, 0)


def test_offsets_beyond_the_file_are_refused(saved):
    def change(layout):
        layout["atlas.loc"]["data_offsets"] = [0, 2**40]
        return layout

    with pytest.raises(UserError, match="does not fit the file"):
        read(rewritten(saved, change))


def test_shapes_of_a_petabyte_are_refused(saved):
    def change(layout):
        layout["atlas.loc"]["shape"] = [2**50, 2]
        return layout

    with pytest.raises(UserError, match="does not fit the file"):
        read(rewritten(saved, change))


def test_weights_that_are_not_finite_are_refused(tmp_path):
    bad = make()
    with torch.no_grad():
        bad.model.decoder[1].weight[0] = float("nan")
    write(tmp_path / "bad.safetensors", bad)
    with pytest.raises(UserError, match="not finite"):
        read(tmp_path / "bad.safetensors")


def test_a_safetensors_file_of_another_program_is_named_as_such(tmp_path):
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match="not a checkpoint of this program"):
        read(tmp_path / "other.safetensors")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr("os.replace", _disk_full)
    with pytest.raises(UserError, match="disk is full"):
        write(saved, dataclasses.replace(make(), metrics={"elbo": 0.0}))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def _disk_full(*_):
    raise OSError(28, "No space left on device")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match="no such file or folder"):
        write(tmp_path / "missing" / "toy.safetensors", make())


def test_the_library_lists_added_models_and_finished_runs(saved, tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_CHECKPOINTS", str(saved.parent))
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs" / "my-run").mkdir(parents=True)
    write(tmp_path / "runs" / "my-run" / "model.safetensors", make())
    (saved.parent / "<b>'evil'.safetensors").write_bytes(saved.read_bytes())
    models = library()
    assert models["toy"] == saved
    assert read(models["my-run"]).name == "my-run"
    assert not any("evil" in name for name in models)


@pytest.mark.parametrize("name", ["../toy", "no-such", "a'b\"c", "<script>", "x" * 300, ""])
def test_a_model_that_is_not_there_is_one_sentence(name):
    with pytest.raises(UserError, match="there is no model"):
        find(name)
