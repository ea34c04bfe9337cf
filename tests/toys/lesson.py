"""A lesson as somebody outside would write it: one file, and its words beside it."""

from pathlib import Path

from vae.learn.lesson import Facts, Lesson, Opened
from vae.models.divergence import kl_per_dim


def facts(models: Opened) -> Facts:
    """Count the weights of a model."""
    weights = sum(one.numel() for one in models["any"].model.parameters())
    return {"weights": weights}


COUNTING = Lesson(
    name="toy-counting",
    order=2.5,
    models={"any": "digits-2d"},
    facts=facts,
    sources=(kl_per_dim,),
    words=Path(__file__).with_name("lesson.toml"),
)
