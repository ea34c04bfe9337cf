"""What holds for all inputs, tried on a few drawn ones that are always the same."""

import dataclasses
import gzip
import json
import types
import typing
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.hostile import FEW
from vae.checkpoint import Atlas
from vae.data import idx
from vae.data.splits import cut
from vae.errors import UserError
from vae.export import payload
from vae.export.points import LEVELS, points_payload_from_atlas
from vae.files import plain_json
from vae.latent import paths, projection
from vae.latent.clusters import CLUSTERINGS
from vae.latent.ellipses import ellipse_outlines
from vae.latent.nearness import NEIGHBOURS, nearness
from vae.latent.projection import PROJECTIONS
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import ARCHITECTURES
from vae.models.priors import PRIORS
from vae.options import LONGEST_LIST, from_json, override, to_json
from vae.runs import records
from vae.training.loop import TrainConfig
from vae.training.objectives import OBJECTIVES

SOME = settings(FEW, max_examples=40)
PARTS = {
    cls: registry
    for registry in (ARCHITECTURES, LIKELIHOODS, PRIORS, OBJECTIVES, PROJECTIONS, CLUSTERINGS)
    for cls in registry.values()
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-plain_json.LARGEST_WHOLE, plain_json.LARGEST_WHOLE)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.sampled_from("abä"), max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(st.sampled_from("abä"), max_size=3), JSON, max_size=4)


# ---- options -------------------------------------------------------------------------------


def values_of(field: dataclasses.Field, kind: Any) -> st.SearchStrategy:
    """All values that a field of an option class declares to take."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        inner = next(part for part in typing.get_args(kind) if part is not type(None))
        return st.none() | values_of(field, inner)
    if typing.get_origin(kind) is tuple:
        element = values_of(field, typing.get_args(kind)[0])
        return st.lists(element, min_size=1, max_size=LONGEST_LIST).map(tuple)
    meta = field.metadata
    if meta["choices"]:
        return st.sampled_from(meta["choices"])
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(meta["minimum"], meta["maximum"])
    low = meta["above"] if meta["minimum"] is None else meta["minimum"]
    return st.floats(low, meta["maximum"], exclude_min=meta["minimum"] is None)


def options_of(cls: type) -> st.SearchStrategy:
    """All objects of an option class whose fields are plain values."""
    kinds = typing.get_type_hints(cls)
    return st.builds(cls, **{f.name: values_of(f, kinds[f.name]) for f in dataclasses.fields(cls)})


@pytest.mark.parametrize("cls", PARTS, ids=lambda cls: cls.name)
def test_options_survive_json(cls):
    @settings(SOME, max_examples=15)
    @given(options_of(cls))
    def law(options):
        assert from_json(PARTS[cls], json.loads(json.dumps(to_json(options))), "part") == options

    law()


@pytest.mark.parametrize("cls", PARTS, ids=lambda cls: cls.name)
def test_an_option_written_as_text_is_read_as_it_was(cls):
    @settings(SOME, max_examples=15)
    @given(options_of(cls))
    def law(options):
        found = cls()
        for field in dataclasses.fields(cls):
            value = getattr(options, field.name)
            many = isinstance(value, tuple)
            found = override(found, field.name, ",".join(map(str, value)) if many else str(value))
        assert found == options

    law()


@SOME
@given(st.data())
def test_a_training_config_survives_json(data):
    kinds = typing.get_type_hints(TrainConfig)
    fields = {f.name: f for f in dataclasses.fields(TrainConfig)}
    drawn = {
        name: data.draw(values_of(field, kinds[name]))
        for name, field in fields.items()
        if name not in ("objective", "epochs", "seconds")
    }
    budget = data.draw(st.sampled_from(["epochs", "seconds"]))
    drawn[budget] = data.draw(values_of(fields[budget], kinds[budget]))
    config = TrainConfig(**drawn)
    assert TrainConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


# ---- blocks of bytes -------------------------------------------------------------------------


@SOME
@given(OBJECTS, st.binary(max_size=9))
@example({}, b"")
def test_a_payload_gives_back_its_header_and_its_data(header, data):
    block = payload.frame(header, data)
    length = int.from_bytes(block[:4], "little")
    assert payload.header_of(block) == header
    assert (4 + length) % 4 == 0
    assert block[4 + length :] == data


@SOME
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 6), st.integers(1, 3)),
        elements=st.floats(-1e6, 1e6, width=32),
    )
)
def test_quantised_points_are_within_half_a_step_of_where_they_were(loc):
    count = len(loc)
    atlas = Atlas(loc, np.ones_like(loc), np.zeros(count, np.int64), np.arange(count))
    block = points_payload_from_atlas(atlas, quantise=True)
    entry = payload.header_of(block)["arrays"]["loc"]
    start = 4 + int.from_bytes(block[:4], "little") + entry["offset"]
    steps = np.frombuffer(block, "<u2", loc.size, start).reshape(loc.shape)
    low, high = np.array(entry["range"])
    step = (high - low) / LEVELS
    # float64 rounds at 1e-16 of a million
    assert (np.abs(low + steps * step - loc) <= step / 2 + 1e-9).all()


BYTES = arrays.arrays(np.uint8, st.tuples(*[st.integers(1, 5)] * 3))


@SOME
@given(BYTES, st.booleans())
def test_idx_files_are_read_as_they_were_written(tmp_path, images, packed):
    path = tmp_path / "images"
    idx.write(path, images)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert np.array_equal(idx.read_images(path)[:, 0], images)


@SOME
@given(BYTES, st.data())
def test_an_idx_file_cut_anywhere_is_refused(tmp_path, images, data):
    path = tmp_path / "images"
    idx.write(path, images)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(UserError, match="^[^\n]*images.*put the original file there"):
        idx.read_images(path)


@SOME
@given(JSON)
def test_plain_json_is_read_as_it_was_written(value):
    assert plain_json.strict(json.dumps(value)) == value
    assert plain_json.strict(json.dumps(value, ensure_ascii=False).encode()) == value


@SOME
@given(st.integers(min_value=2**53 + 1) | st.integers(max_value=-(2**53) - 1))
@example(10**400)
def test_whole_numbers_that_no_float_holds_exactly_are_none(value):
    with pytest.raises(ValueError, match="is not a number that fits"):
        plain_json.strict(json.dumps({"a": value}))
    assert plain_json.lenient(json.dumps({"a": value})) == {"a": None}


@SOME
@given(st.lists(st.integers(0, 2**53), max_size=5), st.data())
def test_reports_cut_anywhere_are_read_as_far_as_they_are_whole(steps, data):
    text = b"".join(json.dumps({"step": step, "lr": 0.5}).encode() + b"\n" for step in steps)
    kept = text[: data.draw(st.integers(0, len(text)))]
    read = [line.step for line in records.lines(kept)]
    whole = kept.count(b"\n")
    assert read[:whole] == steps[:whole]
    # a last line that lacks nothing but its end is whole
    assert len(read) <= whole + kept.endswith(b"}")


# ---- geometry --------------------------------------------------------------------------------

PLACES = st.floats(-1e3, 1e3, allow_subnormal=False).map(lambda value: round(value, 6))
ENDS = st.integers(1, 5).flatmap(
    lambda z_dim: arrays.arrays(np.float64, (2, z_dim), elements=PLACES)
)


@SOME
@given(ENDS)
@example(np.array([[1.0, 0.0], [-1.0, 0.0]]))
@example(np.array([[0.0, 0.0], [2.0, 1.0]]))
@example(np.array([[2.0, 1.0], [2.0, 1.0]]))
@pytest.mark.parametrize("method", paths.PATHS)
def test_every_path_has_its_ends_and_keeps_between_their_norms(method, ends):
    a, b = ends
    path = paths.path(a, b, 9, method)
    scale = np.abs(ends).max()
    np.testing.assert_allclose(path[[0, -1]], ends, atol=1e-9 * scale, rtol=0)
    norms = np.linalg.norm(path, axis=1)
    # an arc lies between the two radii, a line inside the larger one
    assert norms.max() <= np.linalg.norm(ends, axis=1).max() + 1e-6 * scale
    if method == "slerp" and len(a) > 1:
        assert norms.min() >= np.linalg.norm(ends, axis=1).min() - 1e-6 * scale


LATENTS = st.integers(1, 5).flatmap(
    lambda z_dim: arrays.arrays(
        np.float64, st.tuples(st.integers(1, 8), st.just(z_dim)), elements=PLACES
    )
)


@SOME
@given(LATENTS)
def test_a_principal_plane_loses_just_what_it_does_not_explain(loc):
    plane = projection.principal_plane(loc)
    around = np.square(loc - plane.centre).sum()
    lost = np.square(plane.centre + plane.project(loc) @ plane.axes - loc).sum()
    scale = max(1.0, float(np.square(loc).sum()))
    assert lost == pytest.approx(around * (1 - plane.explained.sum()), abs=1e-9 * scale)
    assert plane.explained[0] >= plane.explained[1] >= 0
    if loc.shape[1] <= 2:
        assert lost <= 1e-9 * scale


@SOME
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_a_cut_parts_all_rows_in_two(case):
    total, first = case
    parts = cut(total, first)
    assert [len(part) for part in parts] == [first, total - first]
    assert sorted(np.concatenate(parts).tolist()) == list(range(total))
    assert all((np.diff(part) > 0).all() for part in parts)


@SOME
@given(
    arrays.arrays(np.float64, (2, 2), elements=st.floats(-10, 10)),
    arrays.arrays(np.float64, 2, elements=PLACES),
    st.floats(0.1, 4),
)
def test_an_outline_reaches_as_far_as_the_largest_eigenvalue_says(factor, centre, sigmas):
    covariance = factor @ factor.T
    values, vectors = np.linalg.eigh(covariance)
    major = np.sqrt(max(values[1], 0))
    away = ellipse_outlines(centre[None], covariance[None], sigmas, 721)[0] - centre
    along = away @ vectors[:, 1]
    # the outline's corners lie 0.5° apart: within cos 0.25° of the true length
    assert np.abs(along).max() == pytest.approx(sigmas * major, rel=1e-4, abs=1e-6)
    assert np.linalg.norm(away, axis=1).max() == pytest.approx(sigmas * major, rel=1e-4, abs=1e-6)


@SOME
@given(
    arrays.arrays(
        np.float32, st.tuples(st.integers(3, 30), st.integers(1, 3)), elements=st.integers(-9, 9)
    )
)
def test_an_image_reaches_to_its_kth_nearest_other_image(loc):
    count = len(loc)
    atlas = Atlas(loc, np.zeros_like(loc), np.full(count, -1), np.arange(count))
    found = nearness(atlas)
    k = min(NEIGHBOURS, count - 1)
    apart = np.linalg.norm(loc[:, None].astype(float) - loc[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    if found is not None:
        assert found.neighbours == k
        np.testing.assert_allclose(found.reach, np.sort(apart, axis=1)[:, k - 1], atol=1e-6)
