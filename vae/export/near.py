"""What tells near from far among the encoded images, as a block of bytes for the browser's pad.

Apart from the points themselves: of many dimensions it takes seconds to measure, for which no map
should wait.
"""

from vae.checkpoint import Checkpoint
from vae.export.payload import frame
from vae.export.points import atlas_of
from vae.latent.nearness import nearness

FORMAT = "vae-near"
VERSION = 1


def near_payload(checkpoint: Checkpoint) -> bytes:
    """Pack the rule's numbers, and the reach of each image that is compared with (float32).

    `near` in the header is null where an atlas does not tell near from far.

    Raises
    ------
    UserError
        When the model carries no atlas.
    """
    found = nearness(atlas_of(checkpoint))
    header = {"format": FORMAT, "version": VERSION, "near": None}
    if found is None:
        return frame(header)
    reach = found.reach.astype("<f4").tobytes()
    numbers = {"neighbours": found.neighbours, "stride": found.stride, "limit": found.limit}
    return frame(header | {"near": numbers}, reach)
