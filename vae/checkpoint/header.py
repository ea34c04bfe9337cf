"""The JSON in a checkpoint file, checked once when it is read.

What leaves this module is finite, of its kind and within its range, so that whoever shows it need
not look again. An entry that is not as it should be makes the file damaged; nothing is repaired.
"""

from collections.abc import Callable
from typing import Any

from vae.errors import UserError
from vae.files import plain_json
from vae.files.plain_json import finite, text_of, whole
from vae.models.config import VAEConfig
from vae.models.posteriors import capabilities
from vae.training.config import TrainConfig

FORMAT_VERSION = 1
CAPABILITIES = "capabilities"
"""Key of what others may ask of the model; older files leave it to be derived from the parts."""
KEYS = ("format_version", "model", "training", "dataset", "metrics", "created", "versions")
START_FROM = "start_from"
"""Key of the model whose weights a training began with; only there where there was one."""
LARGEST_NUMBER = 1e15
"""No number of nats, bits or images is larger."""
MOST_CLASSES = 32_768
LONGEST_NAME, LONGEST_TEXT = 200, 10_000

Check = Callable[[Any], bool]


class Damaged(ValueError):
    """A header that is not as it should be; its text says why."""


def parse(text: str) -> dict[str, Any]:
    """Read a header, its missing entries filled in.

    Raises
    ------
    Damaged
        Where an entry is of another kind or out of range.
    UserError
        Where the file is of another version, or its model or training are none of this program's.
    """
    header = objects(text)
    version = header.get("format_version")
    if version != FORMAT_VERSION:
        shown = repr(version)[:60]
        raise UserError(
            f"has format version {shown}, this program reads version {FORMAT_VERSION}; "
            "open it with the release that made it, or train it again"
        )
    if unknown := sorted(set(header) - {*KEYS, CAPABILITIES, START_FROM}):
        raise UserError(
            f"has an unknown entry {unknown[0][:60]!r} in its header; "
            "update this program or train the model again"
        )
    header = {**{key: {} for key in (*KEYS, START_FROM)}, "created": "", **header}
    for key in ("model", "training", "dataset", "metrics", "versions", START_FROM):
        if not isinstance(header[key], dict):
            raise Damaged(f"{key} in its header is not an object")
    if text_of(header["created"]) is None:
        raise Damaged("created in its header is not a text")
    for part, checks in (("dataset", DATASET), ("metrics", METRICS), (START_FROM, ORIGIN)):
        _check(header[part], checks)
    return header | _configs(header)


def objects(text: str | bytes) -> dict[str, Any]:
    """Read a JSON object, each number in it finite and each text fit to be shown."""
    try:
        value = plain_json.strict(text)
    except ValueError as error:
        raise Damaged(f"its header cannot be read: {error}"[:200]) from None
    if not isinstance(value, dict):
        raise Damaged("its header is not a JSON object")
    return value


def _configs(header: dict[str, Any]) -> dict[str, Any]:
    """Check model and training by building them, and fill in what they leave out."""
    try:
        model = VAEConfig.from_json(header["model"])
        training = header["training"] and TrainConfig.from_json(header["training"]).to_json()
    except UserError as error:
        raise UserError(f"cannot be opened: {error}") from None
    kl = header["metrics"].get("kl_per_dim")
    if kl is not None and len(kl) != model.z_dim:
        raise Damaged(f"kl_per_dim has {len(kl)} numbers where z has {model.z_dim}")
    can = capabilities(model.posterior)
    if header.get(CAPABILITIES, can) != can:
        raise Damaged(f"its capabilities are not those of the posterior {model.posterior.name}")
    return {"model": model.to_json(), "training": training, CAPABILITIES: can}


def _check(found: dict[str, Any], checks: dict[str, tuple[Check, str]]) -> None:
    for key, (holds, kind) in checks.items():
        if key in found and not holds(found[key]):
            raise Damaged(f"{key} in its header is not a {kind}")


def _number(low: float = -LARGEST_NUMBER, high: float = LARGEST_NUMBER) -> tuple[Check, str]:
    return lambda value: value is None or finite(value, low, high) is not None, "number in range"


def _count(none: bool = False) -> tuple[Check, str]:
    high = int(LARGEST_NUMBER)
    return (
        lambda value: none and value is None or whole(value, 0, high) is not None,
        "whole number from 0",
    )


def _text(longest: int = LONGEST_TEXT, none: bool = False) -> tuple[Check, str]:
    return (
        lambda value: none and value is None or _is_text(value, longest),
        f"text of at most {longest:,} characters",
    )


def _list(holds: Check, most: int, kind: str, none: bool = False) -> tuple[Check, str]:
    return (
        lambda value: (
            none
            and value is None
            or (isinstance(value, list) and len(value) <= most and all(map(holds, value)))
        ),
        f"list of {kind}",
    )


def _is_rate(value: Any) -> bool:
    """Tell whether an entry of the curve of rate against distortion can be drawn."""
    if not isinstance(value, dict) or finite(value.get("beta"), 1e-6, 1e6) is None:
        return False
    span = (-LARGEST_NUMBER, LARGEST_NUMBER)
    numbers = (finite(value.get(key), *span) for key in ("reconstruction", "kl"))
    return None not in numbers and whole(value.get("active_units"), 0, 4096) is not None


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


DATASET: dict[str, tuple[Check, str]] = {
    "name": _text(LONGEST_NAME),
    **dict.fromkeys(("split", "sha256"), _text(LONGEST_NAME, none=True)),
    "class_names": _list(lambda name: _is_text(name, LONGEST_NAME), MOST_CLASSES, "short texts"),
    "image_shape": _list(lambda side: whole(side, 1) is not None, 3, "whole numbers"),
    **dict.fromkeys(("n_train", "n_validation", "n_test"), _count()),
}
ORIGIN = dict.fromkeys(("model", "sha256"), _text(LONGEST_NAME))
COUNTS = ("n_images", "knn_neighbours", "importance_samples", "bound_draws", "bound_images")
METRICS: dict[str, tuple[Check, str]] = {
    # a KL that is estimated from samples may come out below 0
    **dict.fromkeys(("elbo", "reconstruction", "kl", "bits_per_dim", "nll", "bound"), _number()),
    **dict.fromkeys(("nll_stderr", "pixel_scale"), _number(0)),
    **dict.fromkeys(("accuracy", "knn_accuracy"), _number(0, 1)),
    "kl_per_dim": _list(
        lambda value: finite(value, -LARGEST_NUMBER, LARGEST_NUMBER) is not None,
        4096,
        "numbers",
        none=True,
    ),
    "log_px_quantiles": _list(
        lambda value: finite(value, -LARGEST_NUMBER, LARGEST_NUMBER) is not None, 5, "numbers"
    ),
    "active_units": _count(none=True),
    "rates": _list(lambda value: _is_rate(value), 33, "rates with their distortions"),
    **dict.fromkeys(COUNTS, _count()),
    "pixel_scale_range": _list(lambda value: finite(value, 0) is not None, 2, "numbers"),
    **dict.fromkeys(("split", "binarize", "pixels"), _text(LONGEST_NAME)),
    "note": _text(none=True),
}
"""What readers of these entries count on; an entry that is not listed is only finite JSON."""
