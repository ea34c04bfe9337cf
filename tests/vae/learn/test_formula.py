"""Formulas: the trees of MathML that they are read into."""

import pytest

from vae.learn import formula


def text(node: object) -> str:
    return node if isinstance(node, str) else "".join(text(child) for child in node[2])


def tags(node: object) -> list[str]:
    return (
        [] if isinstance(node, str) else [node[0], *(t for child in node[2] for t in tags(child))]
    )


def test_letters_numbers_and_signs_have_the_tags_of_mathml() -> None:
    (line,) = formula.lines(r"z = \mu - 2.5")
    assert line[2] == [
        ["mi", {}, ["z"]],
        ["mo", {}, ["="]],
        ["mi", {}, ["μ"]],
        ["mo", {}, ["−"]],
        ["mn", {}, ["2.5"]],
    ]


def test_scripts_fractions_and_roots_hold_what_stands_in_their_groups() -> None:
    (line,) = formula.lines(r"\frac{1}{2} \sigma_i^2 + \sqrt{x_{ij}}")
    assert tags(line).count("msubsup") == 1
    assert {"mfrac", "msqrt", "msub"} <= set(tags(line))
    assert text(line) == "12σi2+xij"


def test_a_symbol_is_marked_whole_and_found_again() -> None:
    (line,) = formula.lines(r"\see{kl}{\KL(q \| p)} + \see{mu}{\mu}")
    assert formula.symbols(line) == {"kl", "mu"}
    assert line[2][0][1] == {"data-symbol": "kl"}
    assert text(line[2][0]) == "KL(q‖p)"


def test_words_keep_their_spaces_and_two_lines_are_two_trees() -> None:
    first, second = formula.lines("\\text{at the end } z \\\\ z' = 1")
    assert first[2][0] == ["mtext", {}, ["at\u00a0the\u00a0end\u00a0"]]
    assert text(second) == "z′=1"


@pytest.mark.parametrize("wrong", [r"\zeta + 1", r"{x", r"\frac{1}", "x}", r"\see{a}"])
def test_what_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        formula.lines(wrong)
