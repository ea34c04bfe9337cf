"""All scores by name; a new one is one file and one entry here."""

from vae.measures.anomaly.aggregate_density import AggregateDensity
from vae.measures.anomaly.elbo import NegativeElbo
from vae.measures.anomaly.importance import ImportanceWeighted
from vae.measures.anomaly.isolation import ForestOfCodes, ForestOfPixels
from vae.measures.anomaly.local_outlier import OutlierOfCodes, OutlierOfPixels
from vae.measures.anomaly.neighbours import Neighbours
from vae.measures.anomaly.prior_density import PriorDensity
from vae.measures.anomaly.reconstruction import Reconstruction
from vae.measures.anomaly.regret import LikelihoodRegret
from vae.measures.anomaly.score import Score
from vae.measures.anomaly.unexplained import Unexplained
from vae.measures.anomaly.unlike import UnlikeNeighbours
from vae.measures.anomaly.unlike_all import UnlikeAll

SCORES: dict[str, type[Score]] = {
    cls.name: cls
    for cls in (
        Reconstruction,
        Unexplained,
        NegativeElbo,
        ImportanceWeighted,
        LikelihoodRegret,
        PriorDensity,
        AggregateDensity,
        Neighbours,
        UnlikeNeighbours,
        ForestOfCodes,
        OutlierOfCodes,
        ForestOfPixels,
        OutlierOfPixels,
        UnlikeAll,
    )
}
DEFAULTS = (Unexplained.name, Reconstruction.name)
"""The score that is taken where none is asked for, and what stands in where it has no meaning."""
