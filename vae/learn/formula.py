"""Formulas: the part of LaTeX that the lessons need, read into a tree of MathML.

A node is ``[tag, attributes, children]``, a child a node or a text. Beside LaTeX there is
``\\see{name}{…}``: what stands in it is the symbol of that name, and lights up with what it names.
``\\\\`` begins another line.
"""

import re
from typing import Any

Node = list[Any]

GREEK = dict(
    one.split("=")
    for one in (
        "alpha=α beta=β gamma=γ delta=δ theta=θ lambda=λ mu=μ pi=π rho=ρ sigma=σ tau=τ phi=φ "
        "varphi=φ psi=ψ omega=ω eta=η varepsilon=ε epsilon=ε ell=ℓ Sigma=Σ Phi=Φ Delta=Δ"
    ).split()
)
OPERATORS = dict(
    one.split(":")
    for one in (
        "odot:⊙ cdot:· times:× sim:∼ mid:| le:≤ ge:≥ approx:≈ to:→ in:∈ propto:∝ nabla:∇ "
        "partial:∂ pm:± sum:∑ prod:∏ int:∫ infty:∞ ne:≠ ll:≪ gg:≫ top:⊤ ldots:… langle:⟨ "
        "rangle:⟩ |:‖ {:{ }:}"
    ).split()
)
FUNCTIONS = {"log", "exp", "max", "min", "arg", "det", "tr", "Var", "KL", "ELBO"}
SPACED = FUNCTIONS - {"KL", "ELBO", "Var"}
"""Those that stand before what they are of, with a little air."""
SPACES = {",": "0.17em", ";": "0.28em", "quad": "1em", "qquad": "2em"}
LETTERS = {"mathcal": {"N": "𝒩", "L": "ℒ"}, "mathbb": {"E": "𝔼", "R": "ℝ"}}
SCRIPTS = {"^": "msup", "_": "msub", "^_": "msubsup"}
ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
_TOKEN = re.compile(r"\\\\|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)


def lines(text: str) -> list[Node]:
    """Read a formula: one tree for each of its lines.

    Raises
    ------
    ValueError
        When a command is unknown here, or a brace has no partner.
    """
    return [_row(_Reader(line).all()) for line in re.split(r"\\\\(?![A-Za-z])", text.strip())]


def symbols(node: Node | str) -> set[str]:
    """Name the symbols that stand in a tree."""
    if isinstance(node, str):
        return set()
    own = {node[1]["data-symbol"]} if "data-symbol" in node[1] else set()
    return own.union(*(symbols(child) for child in node[2]))


def _row(nodes: list[Node], **attributes: str) -> Node:
    return nodes[0] if len(nodes) == 1 and not attributes else ["mrow", attributes, nodes]


class _Reader:
    """Reads one line from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [token for token in _TOKEN.findall(text) if not token.isspace()]
        self._at = 0

    def all(self) -> list[Node]:
        return self._nodes(end=None)

    def _nodes(self, end: str | None) -> list[Node]:
        nodes: list[Node] = []
        while (token := self._peek()) != end:
            if token is None:
                raise ValueError(f"a brace is not closed in {self._text!r}")
            if token in ("^", "_"):
                nodes.append(self._scripts(nodes.pop() if nodes else ["mrow", {}, []]))
            elif token == "-" and (not nodes or nodes[-1][2][:1] in (["("], ["["], ["="])):
                self._next()
                nodes.append(["mo", {"form": "prefix"}, ["−"]])
            else:
                nodes.append(self._one())
        if end is not None:
            self._next()
        return nodes

    def _scripts(self, base: Node) -> Node:
        found: dict[str, Node] = {}
        while self._peek() in ("^", "_"):
            mark = self._next()
            found[mark] = self._one()
        tag = SCRIPTS["".join(sorted(found))]
        return [tag, {}, [base, *(found[mark] for mark in ("_", "^") if mark in found)]]

    def _one(self) -> Node:
        token = self._next()
        if token == "}":
            raise ValueError(f"a brace too many in {self._text!r}")
        if token == "{":
            return _row(self._nodes("}"))
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[0].isdigit():
            return ["mn", {}, [token]]
        if token.isalpha():
            return ["mi", {}, [token]]
        return _operator("−" if token == "-" else "′" if token == "'" else token)

    def _command(self, name: str) -> Node:
        if name == "see":
            symbol = self._raw()
            return _row([self._one()], **{"data-symbol": symbol})
        if name == "frac":
            return ["mfrac", {}, [self._one(), self._one()]]
        if name == "sqrt":
            return ["msqrt", {}, [self._one()]]
        if name == "text":
            # a browser leaves out plain spaces at either end
            return ["mtext", {}, [self._raw().replace(" ", "\u00a0")]]
        if name == "operatorname":
            return ["mi", {}, [self._raw()]]
        if name in LETTERS:
            return ["mi", {}, [LETTERS[name][self._raw()]]]
        if name in ACCENTS:
            return ["mover", {"accent": "true"}, [self._one(), _operator(ACCENTS[name])]]
        if name in GREEK:
            return ["mi", {}, [GREEK[name]]]
        if name in FUNCTIONS:
            made: Node = ["mi", {"mathvariant": "normal"}, [name]]
            close = name not in SPACED or self._peek() in ("(", "[", "^", "_", None)
            return made if close else ["mrow", {}, [made, ["mspace", {"width": SPACES[","]}, []]]]
        if name in SPACES:
            return ["mspace", {"width": SPACES[name]}, []]
        if name in OPERATORS:
            return _operator(OPERATORS[name])
        raise ValueError(f"there is no \\{name} here; `vae/learn/formula.py` says what there is")

    def _raw(self) -> str:
        """Read a group as a text; its spaces are those of the formula."""
        start = self._at
        if self._next() != "{":
            raise ValueError(f"a group is missing in {self._text!r}")
        while self._next() != "}":
            pass
        inside = self._tokens[start + 1 : self._at - 1]
        pattern = r"\s*".join(map(re.escape, inside))
        found = re.search(r"\{(\s*" + pattern + r"\s*)\}", self._text)
        return found[1] if found else "".join(inside)

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        token = self._peek()
        if token is None:
            raise ValueError(f"a group is missing at the end of {self._text!r}")
        self._at += 1
        return token


def _operator(sign: str) -> Node:
    # brackets as high as a letter, as in print; bars about which nothing is in brackets have air
    attributes = {"stretchy": "false"} if sign in "()[]|‖{}⟨⟩" else {}
    return ["mo", attributes, [sign]]
