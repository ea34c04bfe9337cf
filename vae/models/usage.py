"""Which latent dimensions a model uses: those whose posterior means differ between images.

The KL does not tell. A posterior that is the same for every image carries no information about
them, however far it lies from the prior: its KL is large and its means do not vary. The variance of
the means E[z|x] over images does tell, and with 0.01 as the threshold it counts the active units of
Burda, Grosse and Salakhutdinov 2016, "Importance weighted autoencoders" (section 5.2).
"""

import numpy as np

ACTIVE_VARIANCE = 0.01
COLLAPSED = "all codes are nearly equal: the latent space has collapsed"


def variances(means: np.ndarray) -> np.ndarray:
    """Variance of posterior means (N, z_dim) over the images, float64 (z_dim,)."""
    means = np.asarray(means, dtype=np.float64)
    # without images there is nothing that could differ
    return means.var(axis=0) if len(means) else np.zeros(means.shape[1])


def used_dimensions(means: np.ndarray) -> np.ndarray:
    """Tell of each column of posterior means (N, z_dim) whether its variance exceeds 0.01.

    Boolean (z_dim,). The threshold is absolute, in the units of a prior of variance 1; a plain
    autoencoder, whose codes have no such scale, is held to the same one.
    """
    return variances(means) > ACTIVE_VARIANCE


def is_collapsed(means: np.ndarray) -> bool:
    """Tell whether no dimension is used, so that all images have nearly the same code."""
    return not used_dimensions(means).any()
