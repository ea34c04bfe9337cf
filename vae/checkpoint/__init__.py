"""One file per model: safetensors with a JSON header; nothing in it is ever executed.

Weights are rounded to float16 when a model is finished, and stored so. Beside them lies the
atlas, the posterior of every held-out image, so that a model opens with its map even where its
data set is not on the machine.
"""

from vae.checkpoint.file import check_size as check_size
from vae.checkpoint.file import read as read
from vae.checkpoint.file import read_header as read_header
from vae.checkpoint.file import write as write
from vae.checkpoint.record import Atlas as Atlas
from vae.checkpoint.record import Checkpoint as Checkpoint
from vae.checkpoint.record import now as now
from vae.checkpoint.record import round_to_half as round_to_half
