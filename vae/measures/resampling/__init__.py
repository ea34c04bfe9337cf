"""Standard errors of numbers that are no mean over images, and of differences of two of them.

What is measured again leaves groups of images out (`LeftOut`), or takes halves of them (`Halved`).
Groups and halves depend on the number of images alone, so that two models on the same images are
measured again on the same ones and can be compared pairwise.

The error is that over images: which ones happened to be in the split. It does not cover training
the model again from another seed, and no bias of the number itself.
"""

from vae.measures.resampling.halved import FEW as FEW
from vae.measures.resampling.halved import Halved as Halved
from vae.measures.resampling.halved import halves as halves
from vae.measures.resampling.left_out import GROUPS as GROUPS
from vae.measures.resampling.left_out import LeftOut as LeftOut
from vae.measures.resampling.left_out import groups as groups
from vae.measures.resampling.left_out import rows_of as rows_of
from vae.measures.resampling.left_out import rows_without as rows_without
from vae.measures.resampling.left_out import sums_of_groups as sums_of_groups
from vae.measures.resampling.resampled import Resampled as Resampled

RESAMPLINGS: dict[str, type[Resampled]] = {one.name: one for one in (LeftOut, Halved)}
"""By the name under which files keep them."""
