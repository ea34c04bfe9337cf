"""Every writer of this program, each beside what readers find of what it wrote."""

from collections.abc import Callable
from pathlib import Path

from tests.writers.exports import EXPORTS
from tests.writers.images import IMAGES
from tests.writers.jobs import JOBS
from tests.writers.plain import PLAIN
from tests.writers.runs import RUNS
from tests.writers.writer import Writer

WRITERS: tuple[Callable[[Path], Writer], ...] = (*PLAIN, *RUNS, *JOBS, *IMAGES, *EXPORTS)
"""Each is given an empty folder, of which all is watched but what a test lays there."""
