"""One toy part of every kind, each written as somebody outside would write theirs: in one file.

`ENTRIES` lists, for each kind, the registry it goes into and the entry.
"""

from tests.toys.architecture import Thin
from tests.toys.banana import Banana
from tests.toys.dataset import STRIPES
from tests.toys.likelihood import Laplace
from tests.toys.measure import Brightness
from tests.toys.mixture import Mixture
from tests.toys.objective import Critic
from tests.toys.path import detour
from tests.toys.planes import Planes
from tests.toys.posterior import Full
from tests.toys.score import Glare
from vae.data import DATASETS
from vae.latent.paths import PATHS
from vae.measures.anomaly import SCORES
from vae.measures.registry import MEASURES
from vae.models.conditioning import CONDITIONINGS
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import ARCHITECTURES
from vae.models.posteriors import POSTERIORS
from vae.models.priors import PRIORS
from vae.training.objectives import OBJECTIVES

ENTRIES = (
    (DATASETS, STRIPES.name, STRIPES),
    (ARCHITECTURES, Thin.name, Thin),
    (LIKELIHOODS, Laplace.name, Laplace),
    (PRIORS, Mixture.name, Mixture),
    (PRIORS, Banana.name, Banana),
    (POSTERIORS, Full.name, Full),
    (CONDITIONINGS, Planes.name, Planes),
    (OBJECTIVES, Critic.name, Critic),
    (PATHS, "detour", detour),
    (MEASURES, Brightness.name, Brightness),
    (SCORES, Glare.name, Glare),
)
