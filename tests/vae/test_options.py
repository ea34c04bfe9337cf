"""Options: one declaration gives checks, JSON and flags."""

import math
from dataclasses import dataclass
from typing import ClassVar

import pytest

from vae.errors import UserError
from vae.options import describe, from_json, option, override, to_json, validate


@dataclass(frozen=True)
class Toy:
    name: ClassVar[str] = "toy"
    count: int = option(3, "how many", minimum=1, maximum=9)
    rate: float | None = option(0.5, "how fast", above=0.0)
    widths: tuple[int, ...] = option((4, 2), "how wide", minimum=1)
    kind: str = option("a", "which", choices=("a", "b"))
    on: bool = option(False, "whether")


TOYS = {"toy": Toy}


def test_json_round_trip_is_identity():
    toy = Toy(count=7, rate=None, widths=(8,), kind="b", on=True)
    assert from_json(TOYS, to_json(toy), "toy") == toy


def test_missing_keys_take_their_defaults():
    assert from_json(TOYS, {"name": "toy", "count": 2}, "toy") == Toy(count=2)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("count", "5", 5),
        ("rate", "0.25", 0.25),
        ("rate", "none", None),
        ("widths", "16, 8,4", (16, 8, 4)),
        ("kind", "b", "b"),
        ("on", "yes", True),
    ],
)
def test_text_is_read_by_the_fields_type(field, text, value):
    assert getattr(override(Toy(), field, text), field) == value


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("count", "0", "count must be from 1 to 9, not 0"),
        ("count", "2.5", "count must be a whole number"),
        ("rate", "nan", "rate must be above 0, not nan"),
        ("rate", "0", "rate must be above 0, not 0"),
        ("rate", "fast", "rate must be a number"),
        ("widths", "4,0", "widths must be 1 or more, not 0"),
        ("widths", ",".join(["1"] * 40), "widths must have 1 to 16 numbers"),
        ("kind", "c", "unknown kind 'c'; choose from a, b"),
        ("on", "maybe", "on must be true or false"),
        ("colour", "red", "unknown option 'colour' of toy; choose from count"),
    ],
)
def test_bad_text_is_one_sentence_that_names_field_and_remedy(field, text, words):
    with pytest.raises(UserError, match="^[^\n]*$") as caught:
        override(Toy(), field, text)
    assert words in str(caught.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "1", True, None])
def test_wrong_numbers_are_refused(value):
    with pytest.raises(UserError, match=f"^count must be a whole number, not '?{value}'?$"):
        validate(Toy(count=value))


def test_unknown_names_suggest_the_closest_first():
    with pytest.raises(UserError, match="unknown toy 'tpy'; choose from toy"):
        from_json(TOYS, {"name": "tpy"}, "toy")


def test_the_help_of_a_flag_states_range_and_default():
    field = Toy.__dataclass_fields__["count"]
    assert describe(field) == "how many (from 1 to 9; default 3)"
