"""One number of several models: what is compared, and which is found to be the best."""

from itertools import permutations

import numpy as np
import pytest

from vae.measures.comparison import Entry, compared
from vae.measures.registry import Better, Estimate, Measured, Quantity, Reading, mean_of

RNG = np.random.default_rng(0)
HARD = RNG.normal(-100, 30, 400)


def quantity(better: Better | float = Better.HIGHER) -> Quantity:
    return Quantity("q", "Quantity", "nats per image", Reading("What it is.", better))


def measured(values: np.ndarray, paired: bool = True) -> Measured:
    return Measured({"q": mean_of(values)}, len(values), per_image={"q": values} if paired else {})


def entry(name: str, shift: float, noise: float = 1.0, **changes) -> Entry:
    drawn = np.random.default_rng(sum(map(ord, name))).standard_normal(400)
    # of mean 0, so that the shift alone is what differs
    return Entry(name, measured(HARD + shift + noise * (drawn - drawn.mean())), **changes)


def cell(row, name):
    return next(one for one in row.cells if one.model == name)


def test_the_same_numbers_twice_differ_by_nothing_and_neither_is_the_best():
    same = measured(HARD)
    row = compared(quantity(), [Entry("a", same), Entry("b", same)])
    assert row.pairs[0].difference.value == 0 and row.pairs[0].p == 1
    assert not any(one.best for one in row.cells)
    assert cell(row, "a").alike == ("b",) and cell(row, "b").alike == ("a",)


@pytest.mark.parametrize(
    ("better", "best"), [(Better.HIGHER, "b"), (Better.LOWER, "a"), (Better.NEITHER, None)]
)
def test_the_best_is_the_one_in_the_right_direction(better, best):
    row = compared(quantity(better), [entry("a", 0), entry("b", 1)])
    assert row.pairs[0].significant and row.pairs[0].difference.value < 0
    assert [one.model for one in row.cells if one.best] == ([best] if best else [])


def test_a_best_that_is_not_clear_of_every_other_is_not_marked():
    row = compared(quantity(), [entry("a", 2, 0.01), entry("b", 2, 0.01), entry("c", 0)])
    assert not any(one.best for one in row.cells)
    assert cell(row, "a").alike == ("b",) and cell(row, "c").alike == ()


def test_images_that_are_hard_for_both_do_not_hide_a_difference_that_pairing_shows():
    a, b = HARD + 0.5, HARD + 0.01 * RNG.standard_normal(400)
    both = [[Entry("a", measured(a, how)), Entry("b", measured(b, how))] for how in (True, False)]
    assert compared(quantity(), both[0]).cells[0].best
    assert not compared(quantity(), both[1]).cells[0].best


def test_the_order_of_models_does_not_matter():
    entries = [
        entry("a", 0, grounds=("of 8-bit pixel values",)),
        entry("b", 1, grounds=("of black or white pixels",)),
        entry("c", 2, grounds=("of 8-bit pixel values",)),
        entry("d", 2.01, grounds=("of black or white pixels",)),
    ]
    told = set()
    for order in permutations(entries):
        row = compared(quantity(), order)
        told.add(tuple(sorted(repr(one) for one in row.cells)))
    assert len(told) == 1


def test_what_stands_on_another_ground_than_most_is_left_out_with_the_reason():
    ink, grey = ("of black or white pixels",), ("of 8-bit pixel values",)
    row = compared(
        quantity(),
        [entry("a", 0, grounds=grey), entry("b", 1, grounds=ink), entry("c", 2, grounds=ink)],
    )
    assert row.of == ("b", "c")
    assert cell(row, "a").reason == (
        "this number is of 8-bit pixel values, the others are of black or white pixels"
    )


def test_where_no_two_can_be_compared_none_is_shown():
    row = compared(
        quantity(),
        [entry("a", 0, grounds=("of one",)), entry("b", 1, grounds=("of another",))],
    )
    assert row.of == () and row.pairs == () and row.test is None
    assert cell(row, "b").reason == "this number is of another, the others are of one"


def test_a_number_that_nothing_is_compared_with_is_shown_alone():
    nothing = Measured({"q": Estimate(None)}, 400, "the model has no KL")
    row = compared(
        quantity(), [Entry("a", nothing), entry("b", 0), Entry("c", reason="other images")]
    )
    assert row.of == ("b",) and not cell(row, "b").best
    assert cell(row, "a").reason == "the model has no KL"
    assert cell(row, "c").reason == "other images"


def test_other_numbers_of_images_are_not_compared():
    fewer = Entry("b", measured(HARD[:100]))
    row = compared(quantity(), [entry("a", 0), fewer, entry("c", 0)])
    assert cell(row, "b").reason == (
        "this number is measured on 100 images, the others are measured on 400 images"
    )


def test_what_is_not_measured_yet_has_neither_number_nor_reason():
    row = compared(quantity(), [entry("a", 0), Entry("b")])
    assert cell(row, "b").estimate is None and cell(row, "b").reason is None
    assert row.of == ("a",)


def test_a_number_without_error_is_never_the_best():
    entries = [
        Entry(name, Measured({"q": Estimate(value)}, 400)) for name, value in (("a", 1), ("b", 9))
    ]
    row = compared(quantity(), entries)
    assert row.test is not None and row.test.startswith("no test")
    assert not any(one.best or one.alike for one in row.cells)


def test_nearest_to_the_target_is_the_best_on_either_side_of_it():
    def inside(share: float) -> Entry:
        values = np.zeros(10_000)
        values[: round(share * 10_000)] = 1
        return Entry(f"{share}", measured(values, paired=False))

    row = compared(quantity(0.9), [inside(0.80), inside(0.92)])
    assert cell(row, "0.92").best
    row = compared(quantity(0.9), [inside(0.88), inside(0.92)])
    assert row.pairs[0].difference.value == pytest.approx(0)
    assert not any(one.best for one in row.cells)


def test_p_values_are_corrected_for_the_pairs_of_a_row():
    values = [entry("a", 0), entry("b", 0.12), entry("c", 0)]
    alone = compared(quantity(), values[:2]).pairs[0].p
    together = compared(quantity(), values).pairs
    smallest = min(pair.difference.p for pair in together)
    assert min(pair.p for pair in together) == pytest.approx(3 * smallest)
    assert together[0].p >= alone
