"""The lessons there are, by their names."""

from vae.errors import UserError
from vae.learn.beta import BETA
from vae.learn.cloud import CLOUD
from vae.learn.compression import COMPRESSION
from vae.learn.elbo import ELBO
from vae.learn.holes import HOLES
from vae.learn.lesson import Lesson
from vae.learn.reparameterization import REPARAMETERIZATION
from vae.learn.toy import TOY
from vae.learn.uses import USES

_ALL: tuple[Lesson, ...] = (
    TOY,
    COMPRESSION,
    HOLES,
    CLOUD,
    REPARAMETERIZATION,
    BETA,
    ELBO,
    USES,
)
LESSONS: dict[str, Lesson] = {lesson.name: lesson for lesson in _ALL}


def in_order() -> list[Lesson]:
    """List the lessons in the order in which they are read."""
    return sorted(LESSONS.values(), key=lambda lesson: lesson.order)


def lesson(name: str) -> Lesson:
    """Return a lesson by its name.

    Raises
    ------
    UserError
        When there is none of that name.
    """
    if name not in LESSONS:
        known = ", ".join(lesson.name for lesson in in_order())
        raise UserError(f"there is no lesson {name[:40]!r}; choose from {known}")
    return LESSONS[name]
