"""All scores by name; a new one is one file and one entry here."""

from vae.measures.anomaly.elbo import NegativeElbo
from vae.measures.anomaly.neighbours import Neighbours
from vae.measures.anomaly.reconstruction import Reconstruction
from vae.measures.anomaly.score import Score

SCORES: dict[str, type[Score]] = {
    cls.name: cls
    for cls in (
        Reconstruction,
        NegativeElbo,
        Neighbours,
    )
}
