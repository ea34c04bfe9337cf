"""A multi-rate VAE against models that were trained at each β alone, for as many steps.

    VAE_DATA=… python -m benchmarks.multirate [--short] [--z-dims 2 20] [--split validation]
        [--highest 100]

One model is trained by the objective multi-rate for β from 0.01 to 10, or another end, and one by
the ELBO for each β of the table, on MNIST with the same networks, batches, step size and number of
steps. ELBO_β is E log p(x|z) − β KL in nats per image, grey pixels, one sample of z per image,
seed 0, on the whole split; the last column says by how much of it the multi-rate model is worse (+)
or better (−).
``--short`` trains a small model on the built-in digits, to see that it runs.
"""

import argparse
import time
from dataclasses import dataclass, replace

import torch

from vae.data import ImageDataset, load
from vae.measures.evaluation import evaluate
from vae.models.conditioning import MultiRate
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.vae import VAE, build
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import Elbo, MultiRateBound, ObjectiveOptions

BETAS = (0.1, 0.5, 1.0, 2.0, 4.0)
NETWORKS = {2: MLP(), 20: MLP(hidden=(512, 512), fourier=0)}
"""As the shipped models of so many dimensions have them."""
BALANCE = {2: 0.0, 20: 0.5}
"""Of the multi-rate objective, chosen on validation."""


@dataclass(frozen=True)
class Plan:
    """What all the models of a table share."""

    dataset: ImageDataset
    network: MLP
    z_dim: int
    epochs: int
    split: str
    highest: float
    """Largest β of the multi-rate model."""


def trained(plan: Plan, objective: ObjectiveOptions) -> VAE:
    """Train one model and say on standard output how long it took."""
    told = objective.conditioning
    if isinstance(told, MultiRate):
        told = replace(told, highest=plan.highest)
    config = VAEConfig(plan.dataset.image_shape, plan.z_dim, plan.network, conditioning=told)
    training = TrainConfig(
        objective, epochs=plan.epochs, batch_size=128, learning_rate=2e-3, rising_steps=200
    )
    began = time.perf_counter()
    trainer = Trainer(build(config), plan.dataset, training)
    for _ in trainer.run():
        pass
    name = f"{objective.trains}, z_dim {plan.z_dim}"
    print(f"trained {name}: {trainer.step} steps, {time.perf_counter() - began:.0f} s", flush=True)
    return trainer.model.eval()


def bound(model: VAE, beta: float, plan: Plan) -> tuple[float, float, float]:
    """Return ELBO_β, distortion and rate, in nats per image."""
    found = evaluate(model, plan.dataset.split(plan.split), split_name=plan.split)
    assert found.kl is not None
    return found.reconstruction - beta * found.kl, -found.reconstruction, found.kl


def table(plan: Plan) -> list[str]:
    """Train all models of one number of dimensions and give the lines of their table."""
    every = trained(plan, MultiRateBound(balance=BALANCE[plan.z_dim]))
    lines = [
        f"z_dim {plan.z_dim}, β to {plan.highest:g}, {plan.epochs} epochs, {plan.split} split, "
        f"{len(plan.dataset.split(plan.split)):,} images",
        "| β | −ELBO_β, alone | multi-rate | distortion, rate alone | multi-rate | worse by |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for beta in BETAS:
        alone = bound(trained(plan, Elbo(beta=beta)), beta, plan)
        ours = bound(every.at(beta), beta, plan)
        worse = (alone[0] - ours[0]) / -alone[0]
        lines.append(
            f"| {beta:g} | {-alone[0]:.2f} | {-ours[0]:.2f} | {alone[1]:.2f}, {alone[2]:.2f} "
            f"| {ours[1]:.2f}, {ours[2]:.2f} | {100 * worse:+.1f} % |"
        )
    return lines


def main() -> None:
    """Train and print a table for each number of dimensions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--z-dims", type=int, nargs="*", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--highest", type=float, default=MultiRate().highest)
    parser.add_argument("--short", action="store_true")
    arguments = parser.parse_args()
    dataset = load("digits" if arguments.short else "mnist")
    for z_dim in arguments.z_dims:
        network = MLP(hidden=(32,)) if arguments.short else NETWORKS[z_dim]
        plan = Plan(dataset, network, z_dim, arguments.epochs, arguments.split, arguments.highest)
        print("\n".join(table(plan)), flush=True)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")


if __name__ == "__main__":
    main()
