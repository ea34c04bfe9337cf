"""The answers of our own routes: how long a browser may keep one, and how a large one travels."""

import gzip
import hashlib
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

LEVEL = 6
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NEVER = "no-store"
FULL_SIZE = "X-Full-Size"
"""How many bytes there are once they are unpacked: what a bar of progress counts to."""


def headers(keep: str) -> dict[str, str]:
    """Return the headers of every answer: how long to keep it, and that its kind is as said."""
    return {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}


class Packed(NamedTuple):
    """A body as it is and as it travels."""

    plain: bytes
    gzipped: bytes
    tag: str


def pack(body: bytes, level: int = LEVEL) -> Packed:
    """Compress a body; the same bytes give the same answer, whenever they were packed."""
    tag = hashlib.sha256(body).hexdigest()[:20]
    return Packed(body, gzip.compress(body, level, mtime=0), tag)


def takes_gzip(request: Request) -> bool:
    """Tell whether the client says that it unpacks gzip; it may refuse it with ``q=0``."""
    weights = {}
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        weights[name.strip().lower()] = weight.replace(" ", "").lower()
    asked = weights.get("gzip", weights.get("*"))
    return asked is not None and asked.rstrip("0") not in ("q=", "q=0.")


def compressed(request: Request, packed: Packed, media_type: str, keep: str) -> Response:
    """Answer with a body, compressed where the client takes that, or 304 where it has it."""
    gzipped = takes_gzip(request)
    tag = f'"{packed.tag}{"-gzip" if gzipped else ""}"'
    told = {**headers(keep), "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    told[FULL_SIZE] = str(len(packed.plain))
    if gzipped:
        told["Content-Encoding"] = "gzip"
    body = packed.gzipped if gzipped else packed.plain
    return Response(body, media_type=media_type, headers=told)
