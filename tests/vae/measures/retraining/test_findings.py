"""What several models have in common, from their files, and how that is said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.tiny_models import tiny_checkpoint
from vae.checkpoint import Checkpoint
from vae.errors import UserError
from vae.measures.retraining.findings import numbers, survival
from vae.measures.retraining.sentences import number, percent, sentences
from vae.models.config import VAEConfig
from vae.models.networks import MLP


def model(name: str = "one", **fields: Any) -> Checkpoint:
    """A tiny model with a map of three clusters."""
    made = tiny_checkpoint(name, VAEConfig(z_dim=2, architecture=MLP(hidden=(8,))))
    assert made.atlas is not None
    return replace(made, atlas=replace(made.atlas, **fields))


def unlike(seed: int) -> Checkpoint:
    """A model whose map has no order."""
    draws = np.random.default_rng(seed).standard_normal((300, 2)).astype(np.float32)
    return model(f"unlike-{seed}", loc=draws)


def test_models_of_one_map_have_everything_in_common():
    found = survival([model("one"), model("two")])
    assert found.overlap.mean == 1
    # means are kept in float32
    assert found.residual.greatest == pytest.approx(0, abs=1e-6)
    assert found.plane[0] == pytest.approx(found.plane[1], abs=1e-5)


def test_models_of_unlike_maps_have_as_much_in_common_as_chance():
    found = survival([unlike(0), unlike(1)])
    assert found.overlap.mean == pytest.approx(found.overlap.chance, abs=0.02)
    assert found.residual.mean > found.least_chance


def test_maps_are_matched_by_the_images_whatever_their_order():
    one, other = model("one"), model("other")
    assert one.atlas and other.atlas
    order = np.random.default_rng(0).permutation(300)[:250]
    found = survival([one, replace(other, atlas=other.atlas.take(order))])
    assert found.rows.tolist() == sorted(order.tolist())
    assert found.labels.tolist() == one.atlas.label[found.rows].tolist()
    assert found.overlap.mean == 1


def test_one_model_alone_is_refused():
    with pytest.raises(UserError, match="two finished models"):
        survival([model()])


def test_models_measured_on_other_images_are_refused_by_name():
    other = model("other")
    other = replace(other, dataset=other.dataset | {"sha256": "another"})
    with pytest.raises(UserError, match="other was measured on other images than one"):
        survival([model("one"), other])


def test_a_model_without_a_map_is_refused_by_name():
    with pytest.raises(UserError, match="bare holds no encoded images"):
        survival([model("one"), replace(model("bare"), atlas=None)])


def test_images_without_classes_have_no_borders():
    labels = np.full(300, -1)
    found = survival([model("one", label=labels), model("two", label=labels)])
    assert found.borders is None
    assert len(sentences(found)) == 2


def test_the_sentences_say_what_chance_gives_beside_what_was_found():
    neighbours, aligned, kept, classes = sentences(
        survival([model("one"), model("two")]), ("a", "b")
    )
    assert (
        "100 % are among its 15 nearest in another map; by chance it would be 5.0 %" in neighbours
    )
    assert "still differ in 0.0 % of their variance; with shuffled images" in aligned
    assert kept.startswith("Images of class a keep most of their neighbours (100 %)")
    assert "No two classes touch in both maps" in classes


def test_of_several_pairs_of_maps_the_least_and_the_most_alike_are_told():
    found = survival([model("one"), model("two"), unlike(1)])
    chance = percent(found.overlap.per_pair.min())
    assert f"({chance} to 100 %)" in sentences(found)[0]


def test_collapsed_maps_are_said_first():
    flat = model("flat", loc=np.full((300, 2), 0.5, np.float32))
    assert sentences(survival([model("one"), flat]))[0].startswith("In 1 of 2 maps all codes")


def test_numbers_are_spread_over_the_models_that_have_them():
    found = {
        one.title: over for one, over in numbers([{"elbo": -10.0, "kl": 2.0}, {"elbo": -12.0}])
    }
    assert set(found) == {"−ELBO", "Rate"}
    assert (found["−ELBO"].count, found["−ELBO"].mean) == (2, 11.0)
    assert found["Rate"].count == 1


def test_a_spread_is_written_with_its_range_and_its_unit():
    [(one, over)] = numbers([{"elbo": -10.0}, {"elbo": -12.0}])
    assert number(one, over) == "−ELBO 11.00 ± 1.41 (10.00 to 12.00, n = 2) nats per image"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0075, "0.8 %"), (0.234, "23 %"), (0.999, "99.9 %"), (1.0, "100 %"), (0.0, "0.0 %")],
)
def test_shares_are_written_as_exactly_as_they_need(share, said):
    assert percent(share) == said
