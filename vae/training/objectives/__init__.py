"""What training minimises: one module an objective, chosen by name.

Each entry of `OBJECTIVES` is a frozen dataclass of options, an `ObjectiveOptions`, whose
``module(config)`` is an `Objective`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vae.errors import UserError
from vae.models.conditioning import CONDITIONINGS, ConditioningOptions
from vae.models.posteriors import POSTERIORS, PosteriorOptions
from vae.models.priors import has_density
from vae.options import from_json, title_of
from vae.training.objectives.autoencoder import Autoencoder as Autoencoder
from vae.training.objectives.beta_tcvae import BetaTcvae as BetaTcvae
from vae.training.objectives.boltzmann import DBN as DBN
from vae.training.objectives.boltzmann import RBM as RBM
from vae.training.objectives.denoising import DenoisingAutoencoder as DenoisingAutoencoder
from vae.training.objectives.elbo import Elbo as Elbo
from vae.training.objectives.factor_vae import FactorVae as FactorVae
from vae.training.objectives.info_vae import InfoVae as InfoVae
from vae.training.objectives.iwae import Iwae as Iwae
from vae.training.objectives.m2 import M2 as M2
from vae.training.objectives.multi_rate import MultiRateBound as MultiRateBound
from vae.training.objectives.nested_dropout import NestedDropout as NestedDropout
from vae.training.objectives.objective import Objective as Objective
from vae.training.objectives.objective import ObjectiveOptions as ObjectiveOptions
from vae.training.objectives.objective import Terms as Terms
from vae.training.objectives.pca import PCA as PCA

if TYPE_CHECKING:
    from vae.models.config import VAEConfig

OBJECTIVES: dict[str, type[ObjectiveOptions]] = {
    cls.name: cls
    for cls in (
        Elbo,
        Autoencoder,
        DenoisingAutoencoder,
        NestedDropout,
        Iwae,
        BetaTcvae,
        FactorVae,
        InfoVae,
        M2,
        MultiRateBound,
        PCA,
        RBM,
        DBN,
    )
}

MOST_DECODED = 65_536
"""Images that one step may decode: as many as the largest batch of one draw each."""


def first_of(objective: type[ObjectiveOptions], kind: str, default: Any) -> Any:
    """Return the part of a kind that a model gets where none is chosen."""
    fixed = objective.fixed.get(kind, default)
    if kind in ("posterior", "conditioning"):
        return getattr(objective, kind)
    return fixed() if isinstance(fixed, type) else fixed


def choices_for(
    objective: type[ObjectiveOptions], kind: str, registry: Mapping[str, type[Any]]
) -> Mapping[str, type[Any]]:
    """List the parts of a kind that an objective leaves to choose from."""
    if kind in objective.fixed:
        name = objective.fixed[kind].name
        return {name: registry[name]}
    if kind == "posterior":
        return posteriors_for(objective)
    if kind == "conditioning":
        return conditionings_for(objective)
    if kind == "prior":
        # one without a density is a part of the model that some objective trains by itself
        return {name: cls for name, cls in registry.items() if has_density(cls)}
    return registry


def posteriors_for(objective: type[ObjectiveOptions]) -> dict[str, type[PosteriorOptions]]:
    """List the posteriors that an objective takes, its own choice first."""
    first = objective.posterior.name
    taken = {key: cls for key, cls in POSTERIORS.items() if objective.refusal_of(cls) is None}
    return {first: POSTERIORS[first], **taken}


def conditionings_for(objective: type[ObjectiveOptions]) -> dict[str, type[ConditioningOptions]]:
    """List the conditionings that an objective takes, its own choice first."""
    first = objective.conditioning.name
    asks = (objective.draws_beta, objective.infers)
    taken = {key: cls for key, cls in CONDITIONINGS.items() if (cls.told_beta, cls.infers) == asks}
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
        both = ", which cannot be told a class too" if model.conditioning.needs_labels else ""
        raise UserError(
            f"the objective {objective.name} {why}{both}; choose the conditioning {names}, "
            f"not {model.conditioning.name}"
        )
    if model.conditioning.infers != objective.infers:
        names = ", ".join(conditionings_for(type(objective)))
        why = "needs a classifier to train" if objective.infers else "trains no classifier"
        raise UserError(
            f"the objective {objective.name} {why}; choose the conditioning {names}, "
            f"not {model.conditioning.name}"
        )
    _check_fixed(objective, model)
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
    if not objective.at_once and batch * objective.decodes > MOST_DECODED:
        raise UserError(
            f"a step on {batch:,} images with {objective.decodes:,} draws each would decode "
            f"{batch * objective.decodes:,} at once, more than {MOST_DECODED:,}; choose fewer "
            "draws or a smaller batch_size"
        )
    return objective.over(steps)


def _check_fixed(objective: ObjectiveOptions, model: "VAEConfig") -> None:
    for kind, fixed in objective.fixed.items():
        part = getattr(model, kind)
        if type(part) is not fixed if isinstance(fixed, type) else part != fixed:
            raise UserError(
                f"the objective {objective.name} comes with its own {kind}, {title_of(fixed)}; "
                f"leave the choice of the {kind} out"
            )
    if "prior" not in objective.fixed and not has_density(model.prior):
        raise UserError(
            f"the objective {objective.name} does not take the prior {model.prior.name}, which has "
            "no known density; choose another prior"
        )
