"""Images that a person brings: looked at, prepared once, then a data set as any other.

    found = look(path)                                   # what was understood
    prepare(found, found.suggested, "my-images", tell)   # into `VAE_RUNS/images/my-images/`
    vae.data.load("my-images")                           # an `ImageDataset`, memory-mapped

`look` takes folders, files and `File.of(name, content)`, bytes that a browser sent, and returns a
`Found`: how many pictures, their sizes in pixels, labels, a contact sheet, what was skipped and
why, notes, and the `Choices` that suit them. `Found.preview(choices)` makes the contact sheet into
images, uint8 (channels, height, width), exactly as `prepare` will. `tell(done, total)` hears of
pictures; what it raises ends the work and leaves nothing behind. Each mistake is a `UserError` of
one sentence; `Limits` bounds all that is read (`UPLOADED` for what visitors send). `prepared`
lists, finds, renames and deletes prepared sets.

Nothing is unpickled, and nothing is written outside the set's own folder.
"""

from vae.data.own import prepared
from vae.data.own.bringing import bring
from vae.data.own.choices import Choices
from vae.data.own.files import File
from vae.data.own.found import Found, Picture, Skipped, Tell
from vae.data.own.limits import OWN_DISK, UPLOADED, Limits
from vae.data.own.looking import look
from vae.data.own.prepared import Prepared
from vae.data.own.preparing import prepare
from vae.data.own.readers.asked import Asked, SizeNeeded

__all__ = [
    "OWN_DISK",
    "UPLOADED",
    "Asked",
    "Choices",
    "File",
    "Found",
    "Limits",
    "Picture",
    "Prepared",
    "SizeNeeded",
    "Skipped",
    "Tell",
    "bring",
    "look",
    "prepare",
    "prepared",
]
