"""How well a score tells foreign images from normal ones, over all thresholds at once."""

from dataclasses import dataclass

import numpy as np

from vae.errors import UserError
from vae.measures.anomaly.shares import LEVEL

RESAMPLES = 1000
BLOCK = 2**21
"""So many counts at once: 16 MB."""
SHOWN = 512
"""So many points of a curve are enough for the eye."""


@dataclass(frozen=True, eq=False)
class Roc:
    """The receiver operating characteristic, and the area under it with its interval."""

    false_alarms: np.ndarray
    """Share of normal images above each threshold, ascending from 0 to 1."""
    found: np.ndarray
    """Share of foreign images above the same, ascending from 0 to 1."""
    auc: float
    """How often a foreign image scores higher than a normal one; a tie counts half."""
    low: float
    high: float
    n_normal: int
    n_foreign: int


def roc(normal: np.ndarray, foreign: np.ndarray, seed: int = 0, resamples: int = RESAMPLES) -> Roc:
    """Compare the scores of normal and foreign images, float64 (N,) and (M,).

    The interval is the middle 95 % of the areas of ``resamples`` pairs of samples, drawn with
    replacement from each kind of images. Where not one pair is in the other order, so that every
    resample says the same, the end is what the smaller kind alone can still exclude (Clopper and
    Pearson for no failure in so many).

    Raises
    ------
    UserError
        Where either kind is missing, or scores are no numbers.
    """
    normal, foreign = (np.asarray(scores, np.float64) for scores in (normal, foreign))
    if not (len(normal) and len(foreign)):
        missing = "foreign" if len(normal) else "normal"
        raise UserError(
            f"there are no {missing} images; a curve needs both kinds, choose images of that kind"
        )
    if not (np.isfinite(normal).all() and np.isfinite(foreign).all()):
        raise UserError("some scores are no finite numbers; choose another score or model")
    below, above = _counts(normal, foreign)
    auc = _areas(below[None], above[None])[0]
    low, high = _interval(below, above, auc, seed, resamples)
    false_alarms, found = _curve(below, above)
    return Roc(false_alarms, found, float(auc), low, high, len(normal), len(foreign))


def _counts(normal: np.ndarray, foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count both kinds at each value that there is, in ascending order."""
    values, place = np.unique(np.concatenate([normal, foreign]), return_inverse=True)
    each = (place[: len(normal)], place[len(normal) :])
    below, above = (np.bincount(one, minlength=len(values)) for one in each)
    return below, above


def _areas(normal: np.ndarray, foreign: np.ndarray) -> np.ndarray:
    """Mann and Whitney's statistic of counts (samples, values) at ascending values, as a share."""
    lower = np.cumsum(normal, axis=1, dtype=np.float64) - normal / 2
    pairs = normal[0].sum(dtype=np.float64) * foreign[0].sum(dtype=np.float64)
    area: np.ndarray = np.einsum("sv,sv->s", lower, foreign.astype(np.float64)) / pairs
    return area


def _interval(
    normal: np.ndarray, foreign: np.ndarray, auc: float, seed: int, resamples: int
) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // max(int(normal.sum() + foreign.sum()), len(normal)))
    areas = [
        _areas(_resampled(rng, normal, some), _resampled(rng, foreign, some))
        for some in _sizes(resamples, rows)
    ]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(np.concatenate(areas), [tail, 1 - tail])
    # of the smaller kind none was on the wrong side
    missed = 1 - tail ** (1 / min(normal.sum(), foreign.sum()))
    low = min(low, 1 - missed) if auc == 1 else low
    high = max(high, missed) if auc == 0 else high
    return float(low), float(high)


def _sizes(total: int, most: int) -> list[int]:
    return [min(most, total - start) for start in range(0, total, most)]


def _resampled(rng: np.random.Generator, counts: np.ndarray, samples: int) -> np.ndarray:
    """Draw as many again from the values that were counted, with replacement: (samples, values)."""
    places, size = np.repeat(np.arange(len(counts)), counts), len(counts)
    drawn = places[rng.integers(0, len(places), (samples, len(places)))]
    drawn += size * np.arange(samples)[:, None]
    return np.bincount(drawn.ravel(), minlength=samples * size).reshape(samples, size)


def _curve(normal: np.ndarray, foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares above each threshold, from the highest down; corners alone, and evenly thinned."""
    shares = [np.append(0, np.cumsum(kind[::-1])) / kind.sum() for kind in (normal, foreign)]
    steps = np.diff(np.stack(shares), axis=1) > 0
    # a point within a straight run adds nothing
    corner = np.append(
        True, np.any(steps[:, 1:] != steps[:, :-1], axis=0) | np.all(steps[:, 1:], axis=0)
    )
    keep = np.flatnonzero(np.append(corner, True))
    if len(keep) > SHOWN:
        keep = keep[np.unique(np.linspace(0, len(keep) - 1, SHOWN).round().astype(int))]
    return shares[0][keep], shares[1][keep]
