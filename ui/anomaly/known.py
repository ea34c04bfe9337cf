"""The scores that are computed by now, quick and slow ones; nothing is begun."""

from ui.anomaly import scoring, slow
from ui.anomaly.foreign import Foreign
from ui.anomaly.scoring import Block


def blocks(model: str, foreign: Foreign, score: str) -> list[Block]:
    """Return what a score found, the last of it last: of a part of the images, then of all."""
    slowly = slow.found(model, foreign, score) if score in slow.names() else None
    if slowly is not None:
        return [slowly.block]
    return [step[score].block for step in scoring.steps(model, foreign) if score in step]


def names(model: str, foreign: Foreign) -> list[str]:
    """Name the scores that are there."""
    from vae.measures.anomaly import SCORES

    return [name for name in SCORES if blocks(model, foreign, name)]
