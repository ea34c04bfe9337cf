"""How much is read at most of what a person brings; all of it is checked before it is decoded."""

from dataclasses import dataclass

SIDES = (8, 128)
"""Pixels of the height and of the width of a prepared image, least and most."""
FEWEST = 7
"""So many pictures at least make a data set: five to learn from, one each to hold out."""
MOST_CLASSES = 1_000
"""With more labels than these pictures are read without any."""
LONGEST_NAME = 200
"""Characters of a file's or a class's name that are kept."""
BLOCK_BYTES = 1 << 20
"""About so much of a large file is in memory at once."""
SENT_BYTES = 512 << 20
"""Bytes that a browser may send at a time, as they are."""
MEMORY_BYTES = 640 << 20
"""Less than this is in memory for a look or for preparing, beside the files that a browser sent."""
SHOWN_SKIPPED = 1_000
"""Of so many pictures that were skipped it is said which, and why; of more only how many."""


@dataclass(frozen=True)
class Limits:
    """What one look may read: of one's own disk by default."""

    files: int = 300_000
    """Files in a folder or an archive."""
    pictures: int = 5_000_000
    unpacked_bytes: int = 32 << 30
    """Bytes read from all files together, once unpacked."""
    prepared_bytes: int = 16 << 30
    """Bytes of the prepared images."""
    seconds: float = 4 * 3600.0
    """Time for looking, and for preparing."""
    whole_bytes: int = 256 << 20
    """Bytes of what cannot be read piece by piece."""
    shard_bytes: int = 1 << 30
    """Bytes of a file of prepared images; what is larger is written as several."""


UPLOADED = Limits(
    files=30_000,
    pictures=1_000_000,
    unpacked_bytes=4 << 30,
    prepared_bytes=1 << 30,
    seconds=600.0,
    whole_bytes=64 << 20,
)
"""What is read of files that a visitor sends to a server."""
OWN_DISK = Limits()
