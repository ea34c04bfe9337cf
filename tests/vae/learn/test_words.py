"""Words: facts in the place of placeholders, and symbols in the text."""

import pytest

from vae.learn import words


def test_facts_stand_where_their_names_did_with_a_true_minus_sign() -> None:
    said = words.filled({"a": ["{x:.1f} of {n:,}, {who}"]}, {"x": -1.25, "n": 10_000, "who": "q"})
    assert said == {"a": ["−1.2 of 10,000, q"]}


def test_a_formula_keeps_its_braces() -> None:
    assert words.filled({"formula": r"\frac{1}{2}"}, {}) == {"formula": r"\frac{1}{2}"}
    assert list(words.placeholders({"formula": r"{a}", "b": "{c:.2f}"})) == ["c"]


def test_a_placeholder_without_a_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.filled("{kl}", {})


def test_a_text_is_cut_at_its_symbols() -> None:
    assert words.pieces("a [μ](mu) and [σ](sigma)") == [
        "a ",
        {"symbol": "mu", "text": "μ"},
        " and ",
        {"symbol": "sigma", "text": "σ"},
    ]
    assert words.plain("a [μ](mu)") == "a μ"


def test_paragraphs_part_at_empty_lines() -> None:
    assert words.paragraphs("one\ntwo\n\n  three\n") == ["one two", "three"]
