"""Sentences about a model that several pages say in the same way."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae.models.conditioning import ConditioningOptions

CAPTION_OF_SPLIT = "{split}, {count:,} images · 1 sample"
MAY_BE_NEGATIVE = (
    "Pixels have a density here, which may exceed 1: its negative logarithm is then below 0, "
    "and lower is still better."
)

FINGERPRINT = 8
"""So many digits of a file's sha256 tell it from others."""
MARKS = re.compile(r"([\\`*_\[\]!<>$:#~|])")


def plain(text: str) -> str:
    """Escape what Markdown would act on, in a text that comes from a file or an address."""
    return MARKS.sub(r"\\\1", text)


def model_line(header: dict[str, Any]) -> str:
    """Say in one line what a model is: kind, data set, dimensions."""
    z_dim = header["model"].get("z_dim", 2)
    name = plain(header["dataset"].get("name", "unknown images"))
    line = f"{kind(header)} · {name} · {z_dim} dimension{'s' * (z_dim > 1)}"
    began = origin_line(header.get("start_from", {}))
    return f"{line} · {began}" if began else line


def origin_line(said: dict[str, str]) -> str:
    """Say from which model's weights a training began, with its fingerprint; "" for random ones."""
    if "model" not in said:
        return ""
    line = f"started from {plain(said['model'])}"
    return f"{line} ({plain(said['sha256'][:FINGERPRINT])}…)" if said.get("sha256") else line


def kind(header: dict[str, Any]) -> str:
    """Name the kind of model by what it was trained for: autoencoder, VAE, β-VAE …"""
    from vae.options import from_json
    from vae.training.objectives import OBJECTIVES

    told = "conditional " if is_told_classes(header) else ""
    if objective := header["training"].get("objective"):
        return told + from_json(OBJECTIVES, objective, "objective").trains
    return told + ("VAE" if capabilities(header)["has_density"] else "autoencoder")


def is_told_classes(header: dict[str, Any]) -> bool:
    """Tell whether a model is told the class of each image."""
    return _conditioning(header).needs_labels


def infers_classes(header: dict[str, Any]) -> bool:
    """Tell whether a model has a classifier of its own, trained on few labels."""
    return _conditioning(header).infers


def _conditioning(header: dict[str, Any]) -> "ConditioningOptions":
    from vae.models.conditioning import CONDITIONINGS
    from vae.options import from_json

    return from_json(CONDITIONINGS, header["model"].get("conditioning", "none"), "conditioning")


def betas(header: dict[str, Any]) -> tuple[float, float] | None:
    """Return least and largest β of a model that holds for a range of them, None for any other."""
    from vae.models.config import VAEConfig

    return VAEConfig.from_json(header["model"]).betas


def shown_beta(header: dict[str, Any]) -> str | None:
    """Say at which β a page without a slider shows a model; None for a model of one β."""
    found = betas(header)
    if found is None:
        return None
    low, high = found
    return (
        f"This model holds for every β from {low:g} to {high:g}; here it is shown at β = 1. "
        "Explore, Generate and Compare have a slider for β."
    )


def capabilities(header: dict[str, Any]) -> dict[str, bool]:
    """Say what may be asked of a model (see `vae.models.posteriors`)."""
    found: dict[str, bool] = header["capabilities"]
    return found


def numbers_line(metrics: dict[str, Any], told: bool = False) -> str | None:
    """Say how well a model does, in nats, and on what that was measured; None if it was not.

    ``told`` is whether it was told each image's class: its bound is one on log p(x|y) then.
    """
    if metrics.get("reconstruction") is None:
        return None
    parts = []
    if metrics.get("elbo") is not None:
        parts.append(f"−ELBO {number(-metrics['elbo'])} nats")
    if (bound := bound_line(metrics)) is not None:
        parts.append(bound)
    parts.append(f"−log p(x|z) {number(-metrics['reconstruction'])} nats")
    if metrics.get("kl") is not None:
        parts.append(f"KL {number(metrics['kl'])} nats")
    if metrics.get("bits_per_dim") is not None and metrics.get("pixels"):
        parts.append(f"{metrics['bits_per_dim']:.3f} bits/dim, {metrics['pixels']}")
    if metrics.get("accuracy") is not None:
        parts.append(f"{100 * metrics['accuracy']:.1f} % of the classes inferred rightly")
    if metrics.get("active_units") is not None:
        parts.append(used_line(metrics["active_units"], metrics.get("kl_per_dim")))
    if (scale := scale_line(metrics.get("pixel_scale"))) is not None:
        span = metrics.get("pixel_scale_range")
        parts.append(f"{scale} ({span[0]:.3f} to {span[1]:.3f} by position)" if span else scale)
    split, count = plain(metrics.get("split", "held-out")), metrics.get("n_images")
    measured = f"{split}, unknown images · 1 sample"
    if count is not None:
        measured = CAPTION_OF_SPLIT.format(split=split, count=count)
    given = ["given each image's class"] if told else []
    given += ["at β = 1"] if metrics.get("rates") else []
    line = " · ".join([*parts, *given, measured])
    return f"{line}. {MAY_BE_NEGATIVE}" if metrics["reconstruction"] > 0 else line


def bound_line(metrics: dict[str, Any]) -> str | None:
    """Write the bound of several draws that a model was trained by; None where it was not."""
    value, draws = metrics.get("bound"), metrics.get("bound_draws")
    if value is None or not draws:
        return None
    count = metrics.get("bound_images")
    some = f" on the first {count:,}" if count and count != metrics.get("n_images") else ""
    return f"−bound of {draws:,} draws {number(-value)} nats{some}"


def scale_line(scale: float | None) -> str | None:
    """Write the standard deviation of a pixel, in pixel values; None where there is none."""
    return None if scale is None else f"σ of a pixel {scale:.3f}"


def used_line(used: int, kl_per_dim: list[float] | None) -> str:
    """Say how many dimensions are used: those whose means vary (`vae.models.usage`)."""
    if not used:
        return "no dimension is used"
    count = len(kl_per_dim) if kl_per_dim else used
    of = f" of {count}" if kl_per_dim else ""
    return f"{used}{of} dimension{'s' * (count > 1)} used"


def duration(seconds: float) -> str:
    """Write a time as people say it: "45 s", "1 min 10 s", "2 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def number(value: float) -> str:
    """Write a number of nats with one decimal and a true minus sign."""
    return f"{value:,.1f}".replace("-", "−")
