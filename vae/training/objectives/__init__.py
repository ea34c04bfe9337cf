"""What training minimises: one module an objective, chosen by name.

Each entry of `OBJECTIVES` is a frozen dataclass of options, an `ObjectiveOptions`, whose
``module(config)`` is an `Objective`.
"""

from typing import TYPE_CHECKING

from vae.errors import UserError
from vae.models.posteriors import POSTERIORS, PosteriorOptions
from vae.options import title_of
from vae.training.objectives.autoencoder import Autoencoder as Autoencoder
from vae.training.objectives.elbo import Elbo as Elbo
from vae.training.objectives.objective import Objective as Objective
from vae.training.objectives.objective import ObjectiveOptions as ObjectiveOptions
from vae.training.objectives.objective import Terms as Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig

OBJECTIVES: dict[str, type[ObjectiveOptions]] = {cls.name: cls for cls in (Elbo, Autoencoder)}


def posteriors_for(objective: type[ObjectiveOptions]) -> dict[str, type[PosteriorOptions]]:
    """List the posteriors that an objective takes, its own choice first."""
    first = objective.posterior.name
    taken = {key: cls for key, cls in POSTERIORS.items() if objective.refusal_of(cls) is None}
    return {first: POSTERIORS[first], **taken}


def check_fit(objective: ObjectiveOptions, model: "VAEConfig") -> None:
    """Raise `UserError` where an objective cannot train a model, with the reason."""
    why = objective.refusal_of(model.posterior)
    if why is not None:
        names = ", ".join(posteriors_for(type(objective)))
        raise UserError(
            f"the objective {objective.name} does not take the posterior {model.posterior.name}: "
            f"{why}; choose {names}"
        )
    if (why := objective.refusal(model)) is not None:
        raise UserError(f"the objective {title_of(objective)} cannot train this model: {why}")
