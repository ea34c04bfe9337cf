"""What training minimises: one module an objective, chosen by name.

Each entry of `OBJECTIVES` is a frozen dataclass of options, an `ObjectiveOptions`, whose
``module(config)`` is an `Objective`.
"""

from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.models.conditioning import CONDITIONINGS, ConditioningOptions
from vae.models.posteriors import POSTERIORS, PosteriorOptions
from vae.options import from_json, title_of
from vae.training.objectives.autoencoder import Autoencoder as Autoencoder
from vae.training.objectives.beta_tcvae import BetaTcvae as BetaTcvae
from vae.training.objectives.denoising import DenoisingAutoencoder as DenoisingAutoencoder
from vae.training.objectives.elbo import Elbo as Elbo
from vae.training.objectives.factor_vae import FactorVae as FactorVae
from vae.training.objectives.info_vae import InfoVae as InfoVae
from vae.training.objectives.iwae import Iwae as Iwae
from vae.training.objectives.multi_rate import MultiRateBound as MultiRateBound
from vae.training.objectives.objective import Objective as Objective
from vae.training.objectives.objective import ObjectiveOptions as ObjectiveOptions
from vae.training.objectives.objective import Terms as Terms

if TYPE_CHECKING:
    from vae.models.config import VAEConfig

OBJECTIVES: dict[str, type[ObjectiveOptions]] = {
    cls.name: cls
    for cls in (
        Elbo,
        Autoencoder,
        DenoisingAutoencoder,
        Iwae,
        BetaTcvae,
        FactorVae,
        InfoVae,
        MultiRateBound,
    )
}

MOST_DECODED = 65_536
"""Images that one step may decode: as many as the largest batch of one draw each."""


def posteriors_for(objective: type[ObjectiveOptions]) -> dict[str, type[PosteriorOptions]]:
    """List the posteriors that an objective takes, its own choice first."""
    first = objective.posterior.name
    taken = {key: cls for key, cls in POSTERIORS.items() if objective.refusal_of(cls) is None}
    return {first: POSTERIORS[first], **taken}


def conditionings_for(objective: type[ObjectiveOptions]) -> dict[str, type[ConditioningOptions]]:
    """List the conditionings that an objective takes, its own choice first."""
    first = objective.conditioning.name
    taken = {
        key: cls for key, cls in CONDITIONINGS.items() if cls.told_beta == objective.draws_beta
    }
    return {first: CONDITIONINGS[first], **taken}


def check_fit(objective: ObjectiveOptions, model: "VAEConfig") -> None:
    """Raise `UserError` where an objective cannot train a model, with the reason."""
    if (why := objective.contradiction()) is not None:
        raise UserError(why)
    why = objective.refusal_of(model.posterior)
    if why is not None:
        names = ", ".join(posteriors_for(type(objective)))
        raise UserError(
            f"the objective {objective.name} does not take the posterior {model.posterior.name}: "
            f"{why}; choose {names}"
        )
    if model.conditioning.told_beta != objective.draws_beta:
        names = ", ".join(conditionings_for(type(objective)))
        why = "needs a model that is told β" if objective.draws_beta else "has but one β to tell"
        raise UserError(
            f"the objective {objective.name} {why}; choose the conditioning {names}, "
            f"not {model.conditioning.name}"
        )
    if model.prior.learned and not model.posterior.has_density:
        raise UserError(
            f"an autoencoder has no KL, so that nothing would train the prior {model.prior.name}; "
            "leave it standard-normal"
        )
    if (why := objective.refusal(model)) is not None:
        raise UserError(f"the objective {title_of(objective)} cannot train this model: {why}")


def objective_in(training: dict[str, Any]) -> ObjectiveOptions | None:
    """Read the objective from a training's plain JSON; None where it cannot be read."""
    try:
        return from_json(OBJECTIVES, training.get("objective"), "objective")
    except UserError:
        return None


def planned(
    objective: ObjectiveOptions, batch: int, steps: int | None, compile: bool = False
) -> ObjectiveOptions:
    """Return an objective's options for a training of so many steps on batches of so many images.

    Raises `UserError` where it needs more images at once, fewer or another length, or cannot be
    compiled.
    """
    if compile and not objective.compiles:
        raise UserError(
            f"the objective {title_of(objective)} cannot be compiled with these options; "
            "set compile to false"
        )
    if batch < objective.smallest_batch:
        raise UserError(
            f"the objective {title_of(objective)} compares images with one another and needs "
            f"at least {objective.smallest_batch} in a batch, not {batch}; raise batch_size"
        )
    if batch * objective.decodes > MOST_DECODED:
        raise UserError(
            f"a step on {batch:,} images with {objective.decodes:,} draws each would decode "
            f"{batch * objective.decodes:,} at once, more than {MOST_DECODED:,}; choose fewer "
            "draws or a smaller batch_size"
        )
    return objective.over(steps)
