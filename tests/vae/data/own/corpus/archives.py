"""Archives: bombs, names that lead outside, links, damage."""

import struct
import zipfile
from dataclasses import replace
from zipfile import ZipInfo

import numpy as np

from tests.vae.data.own.corpus.case import (
    GOOD,
    GOOD_IMAGES,
    UPLOADED,
    Case,
    gzipped,
    left_out,
    npy,
    sent,
    zipped,
)

SMALL = replace(UPLOADED, unpacked_bytes=4 << 20)
"""A bound that a bomb can pass in a moment."""
PNG = GOOD["good/0.png"]
OUTSIDE = "leads out of the archive"


def link() -> ZipInfo:
    info = ZipInfo("good/link.png")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def marked(flag: int) -> bytes:
    """Set a flag of the last file of an archive, in both places where it stands."""
    packed = bytearray(zipped(GOOD | {"good/odd.png": PNG}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", packed, packed.rfind(signature) + offset, flag)
    return bytes(packed)


def nested(depth: int) -> bytes:
    content = zipped(GOOD)
    for _ in range(depth):
        content = zipped({"inner.zip": content})
    return content


def overlapping(times: int) -> bytes:
    """List one file many times, each as if it stood there again."""
    packed = zipped({"0.npy": npy(np.zeros((4, 256, 256), np.uint8))}, zipfile.ZIP_DEFLATED)
    start, end = packed.find(b"PK\x01\x02"), packed.find(b"PK\x05\x06")
    entry = packed[start:end]
    where = entry.find(b"0.npy")
    entries = b"".join(
        entry[:where] + f"{number:05d}".encode() + entry[where + 5 :] for number in range(times)
    )
    tail = bytearray(packed[end:])
    struct.pack_into("<HHI", tail, 8, times, times, len(entries))
    return packed[:start] + entries + bytes(tail)


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def packed_with(says: str, name: str, why: str, shown: str | None = None) -> Case:
    """Expect a member of an archive to be left out by its name."""
    content = zipped(GOOD | {name: PNG})
    return Case(says, sent({"in.zip": content}), GOOD_IMAGES, skipped={shown or name: why})


def whole(says: str, content: bytes, name: str = "in.zip", **expected: object) -> Case:
    """Bring one archive."""
    return Case(says, sent({name: content}), **expected)


NOISE = np.random.default_rng(1).integers(0, 256, (400, 16, 16), dtype=np.uint8)
ZEROS = npy(np.zeros((128, 256, 256), np.uint8))

CASES = [
    whole(
        "a zip that unpacks to more than is read",
        zipped(GOOD | {"x.npy": ZEROS}, zipfile.ZIP_DEFLATED),
        refusal="in.zip unpacks to 8.4 MB, more than the 4.19 MB",
        limits=SMALL,
    ),
    whole(
        "a gzip file that unpacks to more than is read",
        gzipped(ZEROS),
        "x.npy.gz",
        refusal="more than",
        limits=SMALL,
    ),
    whole(
        "a zip whose size is a lie",
        changed(
            zipped(GOOD | {"x.npy": ZEROS}, zipfile.ZIP_DEFLATED),
            struct.pack("<I", len(ZEROS)),
            struct.pack("<I", 1000),
        ),
        images=GOOD_IMAGES,
        skipped={"x.npy": ""},
        limits=SMALL,
    ),
    whole(
        "a zip that lists one file a thousand times",
        overlapping(1000),
        refusal="unpacks to 262 MB",
        limits=SMALL,
    ),
    Case(
        "an archive within an archive",
        sent({"in.zip": zipped(GOOD | {"inner.zip": zipped(GOOD)})}),
        GOOD_IMAGES,
        skipped={"inner.zip": "unpack it first"},
    ),
    whole("archives twenty deep", nested(20), refusal="inner.zip: is an archive within an archive"),
    whole(
        "a zip of more files than are read",
        zipped({f"{number}.png": b"" for number in range(200)}),
        refusal="more than 100 files",
        limits=replace(UPLOADED, files=100),
    ),
    packed_with("a name that leads to the folder above", "../odd.png", OUTSIDE),
    packed_with("a name with two dots in the middle", "good/../../odd.png", OUTSIDE),
    packed_with("an absolute name", "/tmp/odd.png", OUTSIDE),
    packed_with("a name with a drive", "C:\\odd.png", OUTSIDE, "C:/odd.png"),
    packed_with("a name that leads out by backslashes", "..\\odd.png", OUTSIDE, "../odd.png"),
    packed_with("a file of another system's folder", "__MACOSX/._0.png", "operating system"),
    packed_with("thumbnails of a system", "good/Thumbs.db", "operating system"),
    Case(
        "a link in an archive",
        sent({"in.zip": zipped(GOOD | {link(): b"/etc/passwd"})}),
        GOOD_IMAGES,
        skipped={"good/link.png": "is a link"},
    ),
    Case(
        "two files of one name",
        sent({"in.zip": changed(zipped(GOOD | {"good/x.png": PNG}), b"good/x.png", b"good/7.png")}),
        GOOD_IMAGES,
        skipped={"good/7.png": "the name of another file"},
    ),
    whole(
        "a name in no known encoding",
        changed(zipped(GOOD), b"good/7.png", b"good/\xff.png"),
        images=GOOD_IMAGES,
    ),
    whole(
        "a name with line breaks and marks of direction",
        zipped({f"{name[:-4]}\u202e\n\x1b[31m.png": file for name, file in GOOD.items()}),
        images=GOOD_IMAGES,
    ),
    whole(
        "names of three thousand letters",
        zipped({f"{'long' * 800}{name}": file for name, file in GOOD.items()}),
        images=GOOD_IMAGES,
    ),
    whole(
        "an encrypted file", marked(1), images=GOOD_IMAGES, skipped={"good/odd.png": "is encrypted"}
    ),
    whole(
        "a file packed in a rare way",
        zipped(GOOD, zipfile.ZIP_LZMA),
        refusal="is packed in a way that is not known",
    ),
    whole(
        "a file whose checksum is wrong",
        changed(zipped(GOOD | {"good/odd.png": b"\x89PNG\r\n\x1a\n" + b"a" * 99}), b"aaa", b"bbb"),
        images=GOOD_IMAGES,
        skipped={"good/odd.png": ""},
    ),
    whole("a zip that was cut short", zipped(GOOD)[:-100], refusal="is a damaged zip archive"),
    whole("a zip of nothing", zipped({}), refusal="which holds no files"),
    whole("a zip of empty folders", zipped({"a/": b"", "b/": b""}), refusal="which holds no files"),
    whole("a zip that is called a picture", zipped(GOOD), "in.png", images=GOOD_IMAGES),
    left_out(
        "a gzip file that was cut short",
        gzipped(npy(NOISE))[:60_000],
        "400 pictures are missing",
        "x.npy",
    ),
    left_out("a web page in place of a gzip file", b"<!DOCTYPE html><p>no", "a web page", "x.gz"),
]
