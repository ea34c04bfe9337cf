"""The list of findings: one line each with its number and a mark."""

from dataclasses import dataclass
from typing import Any

from ui import words
from ui.diagnose import measuring

FINE, LOOK, WRONG, OPEN = "fine", "look", "wrong", "open"
MOST_MISTAKEN = (0.01, 0.25)
"""Shares of images that another's code explains as well: to look at, and wrong beyond."""
MOST_IN_HOLES = (0.05, 0.5)
"""Shares of the prior's mass in holes: to look at, and wrong beyond."""
WIDE_GAP = 10.0
"""Nats between log p(x) and the ELBO that are worth a look."""
CROWDED = 30.0
"""So many images at one place make a blur worth a look."""


@dataclass(frozen=True)
class Finding:
    """One line of the list and the exhibit that shows its evidence."""

    exhibit: str
    mark: str
    line: str
    note: str = ""

    def to_json(self) -> dict[str, str]:
        """Plain JSON values."""
        return {
            "exhibit": self.exhibit,
            "mark": self.mark,
            "line": self.line,
            "note": self.note,
        }


def findings(header: dict[str, Any], found: dict[str, Any]) -> list[Finding]:
    """List what is known of a model: from its file, and from what was measured so far."""
    lines = [microscope(header), reconstructions(header, found.get(measuring.IMAGES))]
    if (used := dimensions(header, found.get(measuring.IMAGES))) is not None:
        lines.append(used)
    against = found.get(measuring.AGGREGATE)
    if against is not None:
        lines += [prior(header, against), *shared(against)]
    return lines


def microscope(header: dict[str, Any]) -> Finding:
    """The exhibit that stands there first: it has no verdict of its own."""
    if not words.capabilities(header)["has_density"]:
        return Finding("microscope", OPEN, "One image under the microscope", "no p(z|x): a point")
    z_dim = header["model"].get("z_dim", 2)
    note = "p(z|x), q and log p(x)" if z_dim <= 2 else "a slice of p(z|x) through μ"
    return Finding("microscope", OPEN, "One image under the microscope", note)


def reconstructions(header: dict[str, Any], terms: Any) -> Finding:
    """How well images come back, against the code of another image."""
    if terms is None:
        value = header["metrics"].get("reconstruction")
        if value is None:
            return Finding("reconstructions", OPEN, "Reconstructions are not measured")
        return Finding(
            "reconstructions", OPEN, f"Reconstructs to {_nats(-value)}", "from the model's file"
        )
    share = terms.mistaken
    note = f"{_nats(-terms.swapped.mean())} with the code of another image"
    if share > MOST_MISTAKEN[0]:
        note = f"{100 * share:.0f} % of the images come back no better by their own code"
    return Finding(
        "reconstructions",
        _mark(share, MOST_MISTAKEN),
        f"Reconstructs to {_nats(-terms.log_px.mean())}",
        note,
    )


def dimensions(header: dict[str, Any], terms: Any) -> Finding | None:
    """How many dimensions tell images apart."""
    z_dim = header["model"].get("z_dim", 2)
    used = header["metrics"].get("active_units")
    if terms is not None:
        from vae.models.usage import used_dimensions

        used = int(used_dimensions(terms.loc).sum())
    if used is None:
        return None
    mark = WRONG if used == 0 else FINE if used == z_dim else LOOK
    kl = header["metrics"].get("kl") if terms is None else _mean(terms.kl)
    note = "" if kl is None else f"KL {_nats(kl)} per image in all"
    noun = f"dimension{'s' * (z_dim > 1)}"
    if used == 0:
        return Finding("dimensions", mark, "The latent space has collapsed", f"of {z_dim} {noun}")
    return Finding("dimensions", mark, f"Uses {used} of {z_dim} {noun}", note)


def prior(header: dict[str, Any], against: measuring.Against) -> Finding:
    """How much of the prior decodes to what the decoder never saw."""
    if against.holes is None:
        kl = max((one.kl for one in against.marginals), default=0.0)
        if against.chain is not None:
            line = "Its prior has no density to hold q(z) to"
            return Finding("aggregate", OPEN, line, f"it draws by {against.chain}")
        if not words.capabilities(header)["has_density"]:
            return Finding("aggregate", OPEN, "Held to no prior", "the codes lie as they fell")
        return Finding("aggregate", FINE if kl < 0.1 else LOOK, f"q(z) is {kl:.2f} nats from p(z)")
    share = against.holes.prior_in_holes
    where = "" if header["model"].get("z_dim", 2) == 2 else "on the two most used dimensions"
    return Finding(
        "aggregate",
        _mark(share, MOST_IN_HOLES),
        f"{100 * share:.0f} % of the prior’s mass decodes to what it never saw",
        where,
    )


def shared(against: measuring.Against) -> list[Finding]:
    """How many images one place stands for."""
    if against.sharing is None:
        return []
    count = round(against.sharing)
    line = "Each image has a place of its own" if count <= 1 else f"{count} images share a place"
    mark = LOOK if count > CROWDED else FINE
    return [Finding("blurry", mark, line, "why pictures are blurred")]


def likelihood(count: dict[str, Any]) -> Finding:
    """How far the bound lies below log p(x), once that was asked for."""
    if count["state"] == "refused":
        return Finding("likelihood", OPEN, "No log p(x)")
    if count.get("log_px") is None:
        running = count["state"] == "running"
        line = "Measuring log p(x) …" if running else "log p(x) is not measured yet"
        return Finding("likelihood", OPEN, line, "takes a while")
    if count.get("elbo") is None:
        return Finding("likelihood", OPEN, f"−log p(x) is {_nats(-count['log_px'])}")
    gap = count["log_px"] - count["elbo"]
    mark = LOOK if gap > WIDE_GAP else FINE
    note = f"−log p(x) {_nats(-count['log_px'])}, {count['images']:,} images"
    return Finding("likelihood", mark, f"The bound is {_nats(gap)} loose", note)


def _mark(share: float, limits: tuple[float, float]) -> str:
    return WRONG if share > limits[1] else LOOK if share > limits[0] else FINE


def _mean(values: Any) -> float | None:
    return None if values is None else float(values.mean())


def _nats(value: float) -> str:
    return f"{words.number(float(value))} nats"
