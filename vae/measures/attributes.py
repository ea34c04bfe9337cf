"""What each latent dimension tells of each label and factor, beyond what chance tells.

From finitely many images even noise seems to tell something: more, the more levels an attribute has
and the narrower the posteriors are. How much is found by measuring again with the attribute's
values dealt out anew among the images, and is subtracted (Vinh et al. 2010, "Information theoretic
measures for clusterings comparison", section 4).
"""

from dataclasses import dataclass

import numpy as np

from vae.measures.disentanglement import (
    entropies_left_out,
    entropy,
    informations,
    informations_left_out,
)
from vae.measures.disentanglement.levels import varying

SHUFFLES = 5
"""So often values are dealt out; a level of chance then has a fifth of the variance of one deal."""


@dataclass(frozen=True)
class AttributeTable:
    """Mutual information of attributes and dimensions, in nats."""

    names: tuple[str, ...]
    """The attributes that vary over the images."""
    information: np.ndarray
    """I(z_j; attribute), chance subtracted; float64 (attributes, z_dim). Noise is about 0, above
    or below."""
    chance: np.ndarray
    """What was subtracted, (attributes, z_dim)."""
    entropy: np.ndarray
    """H(attribute), the most that can be told, (attributes,)."""

    @property
    def plain_share(self) -> np.ndarray:
        """Information with what chance tells, as a share of the entropy, (attributes, z_dim).

        0 where an attribute does not vary.
        """
        told, most = self.information + self.chance, self.entropy[:, None]
        return np.divide(told, most, out=np.zeros_like(told), where=most > 0)

    @property
    def share(self) -> np.ndarray:
        """Information as a share of the most that there can be beyond chance, (attributes, z_dim).

        1 where a dimension tells the attribute wholly and 0 where it tells nothing, whatever the
        number of images (Vinh et al. 2010, eq. 3); 0 too where chance alone tells everything.
        """
        room = self.entropy[:, None] - self.chance
        return np.divide(
            self.information, room, out=np.zeros_like(room), where=room > 1e-9 * (1 + self.chance)
        )


def attribute_table(
    loc: np.ndarray,
    scale: np.ndarray,
    attributes: np.ndarray,
    names: tuple[str, ...],
    seed: int = 0,
) -> AttributeTable:
    """Measure what each dimension tells of each attribute.

    Parameters
    ----------
    loc, scale
        Mean and standard deviation of each image's posterior, (N, z_dim); a scale of 0 is a point.
    attributes
        Labels or factors of each image, (N, attributes), each column of a few levels.
    names
        Of the attributes. One that does not vary over the images is left out.
    seed
        Of the deals that tell the level of chance.
    """
    levels = varying(attributes)
    columns = _dealt(levels, seed)
    found = informations(loc, scale, columns).reshape(len(levels), 1 + SHUFFLES, loc.shape[1])
    entropies = np.array([entropy(np.bincount(level)) for level in levels.values()])
    return _table([names[k] for k in levels], found, entropies)


def tables_left_out(
    loc: np.ndarray,
    scale: np.ndarray,
    attributes: np.ndarray,
    names: tuple[str, ...],
    group: np.ndarray,
    seed: int = 0,
) -> list[AttributeTable]:
    """`attribute_table` without each group of images in turn: same bins, same deals."""
    levels = varying(attributes)
    told = informations_left_out(loc, scale, _dealt(levels, seed), group)
    found = told.reshape(len(told), len(levels), 1 + SHUFFLES, loc.shape[1])
    entropies = np.stack([entropies_left_out(level, group) for level in levels.values()], axis=1)
    kept = [names[k] for k in levels]
    return [_table(kept, *one) for one in zip(found, entropies, strict=True)]


def _dealt(levels: dict[int, np.ndarray], seed: int) -> list[np.ndarray]:
    """Follow each attribute by as many deals of its values as tell the level of chance."""
    rng, columns = np.random.default_rng(seed), []
    for level in levels.values():
        columns += [level] + [rng.permutation(level) for _ in range(SHUFFLES)]
    return columns


def _table(names: list[str], found: np.ndarray, entropies: np.ndarray) -> AttributeTable:
    """Take off what the deals tell, (attributes, 1 + deals, z_dim)."""
    chance = found[:, 1:].mean(1)
    return AttributeTable(tuple(names), found[:, 0] - chance, chance, entropies)
