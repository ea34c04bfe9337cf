"""The published numbers: of which model, trained here how, and where they stand."""

import math
from dataclasses import dataclass, replace

from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.training.config import TrainConfig
from vae.training.objectives import Elbo, Iwae

BURDA = "Burda et al. 2016, table 1"
DAVIDSON = "Davidson et al. 2018, the VAE with Gaussian latents"
NOTES = {
    BURDA: (
        "The authors train for 3,280 epochs in batches of 20. The doubly reparameterized gradient "
        "(Tucker et al. 2019) is of the same bound, with less noise; it was tried after the plain "
        "one had been measured, and taken by the NLL of validation images after 40 epochs (100 "
        "samples, 2,000 images): 91.84, against 92.56 with the plain gradient and 94.20 with that "
        "and weight decay 0.1."
    ),
    DAVIDSON: "The network is that of the authors' example program.",
}
"""What the page says of a source."""

VAE_TRAINING = TrainConfig(
    Elbo(), epochs=600, batch_size=256, learning_rate=6e-3, adam_beta2=0.999, mean_start=True
)
"""Step size and batch were chosen by the NLL of validation images after 24 epochs, 100 samples: for
784-256-128-10 it was 98.0 with 6e-3, 99.2 with 3e-3 and 98.6 with 1e-2; for 784-200-200-50 95.0
with 6e-3, 94.6 with 1e-2, and 94.7 with 4e-3 and batches of 128, whose steps take longer."""


@dataclass(frozen=True)
class Row:
    """A published NLL, and the model and training that approach it."""

    name: str
    title: str
    source: str
    published: float
    """Nats per image, on MNIST's test images drawn black or white."""
    samples: int
    """Importance samples per image, as in the source."""
    model: VAEConfig
    training: TrainConfig

    def trained(self, seed: int, epochs: int | None = None) -> TrainConfig:
        """How one of its models is trained; for another number of epochs where one is given."""
        return replace(self.training, seed=seed, epochs=epochs or self.training.epochs)


def schedule(training: TrainConfig) -> str:
    """Say in words how a model is trained, but for how long."""
    rising = (
        f"over {training.rising_steps:,} steps"
        if training.rising_steps is not None
        else f"over {100 * training.rise:.0f} % of the training"
    )
    start = "; the decoder starts at the mean image" if training.mean_start else ""
    return (
        f"batches of {training.batch_size}, AdamW with β₂ {training.adam_beta2:g}, the step size "
        f"rises to {training.learning_rate:g} {rising} and falls to 0 along a cosine{start}"
    )


def network(model: VAEConfig) -> str:
    """Say in words which layers an MLP has: 784-200-200-50, tanh."""
    mlp = model.architecture
    assert isinstance(mlp, MLP), "the rows have no other"
    widths = (math.prod(model.image_shape), *mlp.hidden, model.z_dim)
    return f"{'-'.join(map(str, widths))}, {mlp.activation}"


def _burda(name: str, title: str, published: float, training: TrainConfig) -> Row:
    mlp = MLP(hidden=(200, 200), norm="none", activation="tanh", fourier=0)
    model = VAEConfig(z_dim=50, architecture=mlp)
    return Row(name, title, BURDA, published, 5000, model, training)


def _davidson(z_dim: int, published: float) -> Row:
    mlp = MLP(hidden=(256, 128), norm="none", activation="relu", fourier=0)
    model = VAEConfig(z_dim=z_dim, architecture=mlp)
    # the more dimensions, the longer the bound goes on rising
    training = replace(VAE_TRAINING, epochs=300 if z_dim <= 10 else 600)
    title = f"VAE, {z_dim} dimensions"
    return Row(f"davidson-{z_dim}", title, DAVIDSON, published, 500, model, training)


ROWS = {
    row.name: row
    for row in (
        _burda("burda-vae", "VAE, k = 1", 86.76, VAE_TRAINING),
        _burda(
            "burda-iwae-5",
            "IWAE, k = 5",
            85.54,
            replace(VAE_TRAINING, objective=Iwae(k=5), epochs=400),
        ),
        _burda(
            "burda-iwae-5-dreg",
            "IWAE, k = 5, doubly reparameterized gradient",
            85.54,
            replace(VAE_TRAINING, objective=Iwae(k=5, doubly_reparameterized=True)),
        ),
        _burda(
            "burda-iwae-50",
            "IWAE, k = 50",
            84.78,
            replace(VAE_TRAINING, objective=Iwae(k=50), device="cuda"),
        ),
        _davidson(2, 135.73),
        _davidson(5, 110.21),
        _davidson(10, 93.84),
        _davidson(20, 88.90),
        _davidson(40, 88.93),
    )
}
