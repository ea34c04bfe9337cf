"""How far a mean over images may be off."""

import numpy as np


def standard_error(values: np.ndarray) -> float:
    """Return the standard error of the mean of values, one per image, (N,) with N of at least 2."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))
