"""Measures by name: what may be asked of a trained model, one file and one entry each.

Each entry of `MEASURES` is a frozen dataclass of options, a `Measure`. The command
``python -m vae measure`` and the pages offer what stands here.
"""

from vae.measures.registry.active_units import ActiveUnits as ActiveUnits
from vae.measures.registry.attributes import Attributes as Attributes
from vae.measures.registry.calibration import Calibration as Calibration
from vae.measures.registry.copies import Copies as Copies
from vae.measures.registry.disentanglement import Disentanglement as Disentanglement
from vae.measures.registry.exact_log_px import ExactLogPx as ExactLogPx
from vae.measures.registry.frechet import Frechet as Frechet
from vae.measures.registry.importance import ImportanceSampling as ImportanceSampling
from vae.measures.registry.inference_gap import InferenceGap as InferenceGap
from vae.measures.registry.measure import Estimate as Estimate
from vae.measures.registry.measure import Measure as Measure
from vae.measures.registry.measure import Measured as Measured
from vae.measures.registry.measure import Quantity as Quantity
from vae.measures.registry.measure import mean_of as mean_of
from vae.measures.registry.mutual_information import MutualInformation as MutualInformation
from vae.measures.registry.needs import Need as Need
from vae.measures.registry.probes import Probes as Probes
from vae.measures.registry.rate_distortion import RateDistortion as RateDistortion
from vae.measures.registry.reading import Better as Better
from vae.measures.registry.reading import Reading as Reading
from vae.measures.registry.subject import Subject as Subject

MEASURES: dict[str, type[Measure]] = {
    cls.name: cls
    for cls in (
        RateDistortion,
        ActiveUnits,
        MutualInformation,
        ExactLogPx,
        ImportanceSampling,
        InferenceGap,
        Attributes,
        Disentanglement,
        Probes,
        Frechet,
        Copies,
        Calibration,
    )
}
