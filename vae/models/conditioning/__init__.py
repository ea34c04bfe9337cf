"""What a model is told beside the image: its label, the weight of the KL, or nothing.

Each entry of `CONDITIONINGS` is a frozen dataclass of options, a `ConditioningOptions`, whose
``module(z_dim, image_shape)`` is a `Conditioning`. Labels ``y`` are int64 of shape (batch,), or
none.
"""

from vae.models.conditioning.conditioning import Conditioning as Conditioning
from vae.models.conditioning.conditioning import ConditioningOptions as ConditioningOptions
from vae.models.conditioning.inferred_labels import InferredLabels as InferredLabels
from vae.models.conditioning.labels import Labels as Labels
from vae.models.conditioning.multi_rate import MultiRate as MultiRate
from vae.models.conditioning.multi_rate import Rates as Rates
from vae.models.conditioning.unconditional import Unconditional as Unconditional

CONDITIONINGS: dict[str, type[ConditioningOptions]] = {
    cls.name: cls for cls in (Unconditional, Labels, InferredLabels, MultiRate)
}
