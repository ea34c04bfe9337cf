"""Normal scores on disk: of this model and these images, or made again."""

from pathlib import Path

import numpy as np
import pytest

from vae.files import owner
from vae.measures.anomaly import Neighbours, Reconstruction, kept
from vae.measures.anomaly.kept import Key, NormalScores

KEY = Key("0" * 64, Reconstruction(), "digits")
SCORES = NormalScores(np.arange(5.0), "pixels", "digits", "validation")


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAE_RUNS", str(tmp_path))


def never() -> np.ndarray:
    raise AssertionError("it was made again")


def test_what_is_kept_comes_back_bit_for_bit() -> None:
    kept.keep(KEY, SCORES)
    found = kept.normal_scores(KEY, "pixels", never)
    np.testing.assert_array_equal(found.values, SCORES.values)
    # where the images are not on this machine, nobody knows their digest
    assert kept.normal_scores(KEY, None, never).pixels == "pixels"


def test_scores_of_other_images_are_made_again_and_replace_them() -> None:
    kept.keep(KEY, SCORES)
    found = kept.normal_scores(KEY, "others", lambda: np.ones(3))
    np.testing.assert_array_equal(found.values, np.ones(3))
    assert kept.normal_scores(KEY, "others", never).pixels == "others"


@pytest.mark.parametrize(
    "other",
    [
        Key("1" * 64, Reconstruction(), "digits"),
        Key("0" * 64, Neighbours(), "digits"),
        Key("0" * 64, Reconstruction(), "mnist"),
        Key("0" * 64, Reconstruction(), "digits", "test"),
        Key("0" * 64, Reconstruction(), "digits", beta=2.0),
        Key("0" * 64, Reconstruction(), "digits", seed=1),
    ],
)
def test_they_belong_to_one_model_score_data_set_split_beta_and_seed(other: Key) -> None:
    kept.keep(KEY, SCORES)
    assert kept.find(other) is None


def test_options_and_revisions_of_a_score_have_scores_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = (Key("0" * 64, Neighbours(k=k), "digits") for k in (5, 50))
    kept.keep(few, SCORES)
    assert kept.find(few) is not None and kept.find(many) is None
    monkeypatch.setattr(Neighbours, "revision", 1)
    assert kept.find(few) is None


def test_they_are_a_visitors_own_once_they_asked_for_it() -> None:
    anna, ben = (owner.Asker(owner.hashed(name)) for name in ("anna", "ben"))
    kept.keep(KEY, SCORES)
    with owner.acting_as(anna):
        assert not kept.is_own(KEY)
        owner.add(KEY.owner())
        assert kept.is_own(KEY)
    with owner.acting_as(ben):
        assert not kept.is_own(KEY) and kept.find(KEY) is not None
    assert kept.is_own(KEY)


def test_only_the_newest_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT", 3)
    for seed in range(5):
        kept.keep(Key("0" * 64, Reconstruction(), "digits", seed=seed), SCORES)
    assert len(list((tmp_path / ".cache" / "anomaly").iterdir())) == 3
    assert kept.find(Key("0" * 64, Reconstruction(), "digits", seed=4)) is not None
