"""What visitors have brought, in the server's memory until it is prepared: a reload finds it."""

import io
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, Protocol

from ui.train.own.job import Job
from vae.errors import UserError
from vae.files import owner, quota
from vae.files.owner import Asker

if TYPE_CHECKING:
    from vae.data.own import Asked, Choices, File, Found, Prepared

KEPT, KEPT_BYTES = 40, 1 << 30
"""So many are kept, and so many bytes of all of them; the oldest goes first."""
KEPT_SECONDS = 3600.0


class Sent(Protocol):
    """A file as Streamlit hands it on."""

    name: str
    size: int

    def getvalue(self) -> bytes:
        """Return its bytes."""


class Brought:
    """Some files, what was understood of them, and the set that is prepared of them."""

    def __init__(self, files: Sequence["File"]):
        self._files = files
        self.begun = time.monotonic()
        self.owner = owner.asking()
        """Who brought them, and nobody else finds them."""
        self.bytes = sum(file.size or 0 for file in files)
        self.looking = self._look()
        self.preparing: Job | None = None
        self.drawn: dict[str, Any] = {}
        """Pictures that were drawn of it."""
        self._lock = threading.Lock()

    def _look(self, pixels: tuple[int, int] | None = None) -> Job:
        from vae.data.own import UPLOADED, look

        return Job(lambda tell: look(self._files, tell, UPLOADED, pixels))

    @property
    def asked(self) -> "Asked | None":
        """What has to be said before it can be read: how high and wide a picture is."""
        from vae.data.own import SizeNeeded

        why = self.looking.refusal
        return why.asked if isinstance(why, SizeNeeded) else None

    def read_as(self, pixels: tuple[int, int]) -> None:
        """Look once more, at pictures of this height and width."""
        with self._lock:
            if self.asked is not None:
                self.looking = self._look(pixels)

    @property
    def found(self) -> "Found | None":
        """What was understood; None where it is looked at still, or nothing could be read."""
        found: Found | None = self.looking.result
        return found

    @property
    def stage(self) -> str:
        """Tell where it stands: "looking", "refused", "found", "preparing" or "prepared"."""
        if self.looking.running:
            return "looking"
        if self.found is None:
            return "refused"
        if self.preparing is None:
            return "found"
        if self.preparing.running:
            return "preparing"
        return "found" if self.prepared is None else "prepared"

    @property
    def prepared(self) -> "Prepared | None":
        """The set that was made of it."""
        made: Prepared | None = None if self.preparing is None else self.preparing.result
        return made

    def prepare(self, choices: "Choices", name: str) -> None:
        """Begin to prepare; a second press while that runs, or when it is done, does nothing."""
        from vae.data.own import prepare

        found = self.found
        with self._lock:
            if found is not None and self.stage == "found":
                self.preparing = Job(lambda tell: prepare(found, choices, name, tell))

    def stop(self) -> None:
        """End what is under way."""
        for job in (self.looking, self.preparing):
            if job is not None:
                job.stop()


_brought: OrderedDict[str, Brought] = OrderedDict()
_lock = threading.Lock()


def bring(sent: Sequence[Sent]) -> str:
    """Begin to look at files and return the token under which they are found.

    Raises
    ------
    UserError
        When they are too many or too large; nothing of them is decoded then.
    """
    owner.check_start()
    check(sent)
    quota.check_bytes(sum(one.size for one in sent))
    token = secrets.token_urlsafe(12)
    made = Brought([_file(one) for one in sent])
    with _lock:
        _brought[token] = made
        if made.owner.name is not None:
            _keep_the_last(made.owner)
        while len(_brought) > 1 and _is_too_much():
            _brought.popitem(last=False)[1].stop()
    return token


def _keep_the_last(asker: Asker) -> None:
    """Forget what a visitor of a shared server brought before: others need the memory too."""
    theirs = [token for token, one in _brought.items() if one.owner == asker]
    for token in theirs[:-1]:
        _brought.pop(token).stop()


def _is_too_much() -> bool:
    return len(_brought) > KEPT or sum(one.bytes for one in _brought.values()) > KEPT_BYTES


def check(sent: Sequence[Sent]) -> None:
    """Refuse files that are too many or too large, before they are decoded."""
    from vae.data.own import UPLOADED
    from vae.data.own.limits import SENT_BYTES

    size = sum(one.size for one in sent)
    if size > SENT_BYTES:
        raise UserError(
            f"the files have {size / 1e6:,.0f} MB, more than the {SENT_BYTES / 1e6:,.0f} MB that "
            "can be sent at a time; bring fewer, or pack them smaller"
        )
    if len(sent) > UPLOADED.files:
        raise UserError(
            f"these are {len(sent):,} files, more than the {UPLOADED.files:,} that can be sent at "
            "a time; bring fewer, or a zip archive of them"
        )


def find(token: str) -> Brought | None:
    """Return what was brought under a token; None where it is gone."""
    with _lock:
        old = [key for key, one in _brought.items() if time.monotonic() - one.begun > KEPT_SECONDS]
        for key in old:
            if _brought[key].stage not in ("looking", "preparing"):
                del _brought[key]
        found = _brought.get(token)
        return found if found is not None and found.owner == owner.asking() else None


def forget(token: str) -> None:
    """Let go of what was brought, and end what is under way."""
    found = find(token)
    if found is not None:
        with _lock:
            _brought.pop(token, None)
        found.stop()


def _file(one: Sent) -> "File":
    from vae.data.own import File
    from vae.data.own.files import shown

    def opener() -> IO[bytes]:
        return io.BytesIO(one.getvalue())

    return File(shown(one.name.replace("\\", "/")), opener, one.size)
