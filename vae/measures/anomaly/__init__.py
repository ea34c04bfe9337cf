"""How strange an image is to a model: scores by name, thresholds, and how well both tell.

Each entry of `SCORES` is a frozen dataclass of options, a `Score`. The command ``python -m vae
anomaly`` and the pages offer what stands here. The higher a score the stranger the image.
"""

from vae.measures.anomaly.detector import Detector as Detector
from vae.measures.anomaly.detector import Scored as Scored
from vae.measures.anomaly.detector import Unmeasured as Unmeasured
from vae.measures.anomaly.elbo import NegativeElbo as NegativeElbo
from vae.measures.anomaly.importance import ImportanceWeighted as ImportanceWeighted
from vae.measures.anomaly.kept import NormalScores as NormalScores
from vae.measures.anomaly.neighbours import Neighbours as Neighbours
from vae.measures.anomaly.pixel_terms import pixel_nats as pixel_nats
from vae.measures.anomaly.reconstruction import Reconstruction as Reconstruction
from vae.measures.anomaly.registry import DEFAULTS as DEFAULTS
from vae.measures.anomaly.registry import SCORES as SCORES
from vae.measures.anomaly.regret import LikelihoodRegret as LikelihoodRegret
from vae.measures.anomaly.roc import Roc as Roc
from vae.measures.anomaly.roc import roc as roc
from vae.measures.anomaly.score import Score as Score
from vae.measures.anomaly.shares import Share as Share
from vae.measures.anomaly.shares import share_of as share_of
from vae.measures.anomaly.sight import Sight as Sight
from vae.measures.anomaly.threshold import Threshold as Threshold
from vae.measures.anomaly.threshold import found_at as found_at
from vae.measures.anomaly.threshold import threshold as threshold
from vae.measures.anomaly.unexplained import Unexplained as Unexplained
from vae.measures.anomaly.unlike import UnlikeNeighbours as UnlikeNeighbours
