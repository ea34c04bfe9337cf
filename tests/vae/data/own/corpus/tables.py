"""Tables of pixels, Parquet and IDX files: odd ways to write them, damage, false claims."""

import io
import struct
from collections.abc import Callable
from typing import Any

from tests.vae.data.own.corpus.case import GREYS, Case, Expected, left_out, png, sent

PIXELS = [[str(value) for value in x.reshape(-1)] for x in GREYS]
LABELS = ["a", "b"] * 4
NAMES = ["label", *(f"pixel{number}" for number in range(256))]
LABELLED: Expected = [(x, label) for x, label in zip(GREYS, LABELS, strict=True)]
PLAIN: Expected = [(x, "") for x in GREYS]

Rows = list[list[str]]


def rows() -> Rows:
    """Give a table as Kaggle writes MNIST: names, then a label and the pixels in each row."""
    return [NAMES, *([label, *pixels] for label, pixels in zip(LABELS, PIXELS, strict=True))]


def text(table: Rows, between: str = ",", end: str = "\n") -> str:
    return end.join(between.join(row) for row in table) + end


def table(says: str, content: str | bytes, images: Expected = LABELLED, **skipped: str) -> Case:
    made = content if isinstance(content, bytes) else content.encode()
    lines = {name.replace("line_", "x.csv, line ").replace("whole", "x.csv"): why
             for name, why in skipped.items()}  # fmt: skip
    return Case(says, sent({"x.csv": made}), images, skipped=lines)


def refused(says: str, content: str | bytes, why: str) -> Case:
    made = content if isinstance(content, bytes) else content.encode()
    return Case(says, sent({"x.csv": made}), refusal=why)


def with_row(row: list[str]) -> str:
    """Put a row after all others; it is line 10."""
    return text([*rows(), row])


def fractions() -> str:
    made = [[f"{int(value) / 255:.6f}".replace(".", ",") for value in pixels] for pixels in PIXELS]
    body = [[label, *pixels] for label, pixels in zip(LABELS, made, strict=True)]
    return text([NAMES, *body], ";")


def changed(place: int, value: str) -> list[str]:
    row = [*rows()[1]]
    row[place] = value
    return row


def quoted() -> str:
    return text([[f'"{field}"' for field in row] for row in rows()])


def labelled(label: str) -> str:
    return text([NAMES, *([label, *pixels] for pixels in PIXELS)])


NO_NUMBER = "no number where a pixel belongs"
CSV = [
    table("a table as Kaggle writes it", text(rows())),
    table("a table without names", text(rows()[1:])),
    table("a table without labels", text([row[1:] for row in rows()]), PLAIN),
    table("a table with a byte order mark", "\ufeff" + text(rows())),
    table("a table in UTF-16", text(rows()).encode("utf-16")),
    table("semicolons and decimal commas", fractions()),
    table("a table with tabs", text(rows(), "\t")),
    table("a table with every field in quotes", quoted()),
    table("a table of another system with empty lines", text(rows(), end="\r\n\r\n")),
    table(
        "labels with commas and line breaks in quotes",
        labelled('"red, or\nblue"'),
        [(x, "red, or\nblue") for x in GREYS],
    ),
    table("labels in other scripts", labelled("猫"), [(x, "猫") for x in GREYS]),
    table("labels that are missing", labelled(""), PLAIN),
    table("labels as decimal numbers", labelled("3.0"), [(x, "3") for x in GREYS]),
    table("a row that is too short", with_row(["a", "1", "2"]), line_10="has 3 fields, not 257"),
    table("a row that is too long", with_row([*changed(0, "a"), "7"]), line_10="has 258 fields"),
    table("a word in place of a pixel", with_row(changed(9, "black")), line_10=NO_NUMBER),
    table("a pixel that is missing", with_row(changed(9, "")), line_10=NO_NUMBER),
    table("a pixel that is nan", with_row(changed(9, "nan")), line_10="not finite"),
    table("a pixel larger than any number", with_row(changed(9, "1e999")), line_10="not finite"),
    table(
        "a pixel larger than a short number", with_row(changed(9, "1e300")), line_10="not finite"
    ),
    table("a huge single field", with_row(changed(9, "1" * 1_000_000)), whole="is no table"),
    table("a line without an end", with_row(["x" * 5_000_000]), whole="a line of more than"),
    table("a quote that is never closed", with_row(['"a', *PIXELS[0]]), line_10="has 1 fields"),
    refused("a table of names alone", text(rows()[:1]), "and no rows"),
    refused("rows that make no square", text([["1"] * 200] * 9), "say how high and wide a picture"),
    refused("a table of words", text([["word"] * 30] * 9), "make no square picture"),
    refused("a table with zero bytes", text(rows()).replace("a", "\0"), "no picture, array or"),
]


def parquet(**columns: Any) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    file = io.BytesIO()
    write_table(pyarrow.table(columns), file)
    return file.getvalue()


def parquet_case(says: str, make: Callable[[], bytes], **expected: Any) -> Case:
    """Bring a Parquet file, made when it is asked for: its writer takes a while to load."""
    return Case(says, lambda folder: sent({"x.parquet": make()})(folder), **expected)


def grey_files() -> list[bytes]:
    return [png(x) for x in GREYS]


PARQUET = [
    parquet_case(
        "Parquet with picture files",
        lambda: parquet(image=[{"bytes": x, "path": "../x"} for x in grey_files()], label=LABELS),
        images=LABELLED,
    ),
    parquet_case(
        "Parquet with lists of pixels",
        lambda: parquet(image=[x[0].tolist() for x in GREYS], label=LABELS),
        images=LABELLED,
    ),
    parquet_case(
        "Parquet with a web page and nothing among its pictures",
        lambda: parquet(image=[*grey_files(), b"<html>", None], label=[*LABELS, "a", "b"]),
        images=LABELLED,
        skipped={"x.parquet, picture 9": "is no picture", "x.parquet, picture 10": "no picture"},
    ),
    parquet_case(
        "Parquet with lists of different lengths",
        lambda: parquet(image=[*(x[0].tolist() for x in GREYS), [[1], [2, 3]]]),
        images=PLAIN,
        skipped={"x.parquet, picture 9": "different lengths"},
    ),
    parquet_case(
        "Parquet that was cut short",
        lambda: parquet(image=grey_files())[:-50],
        refusal="is a damaged Parquet file",
    ),
    parquet_case(
        "Parquet of words",
        lambda: parquet(text=["one", "two"] * 5),
        refusal="make no square picture",
    ),
]


def idx(shape: tuple[int, ...], content: bytes, kind: int = 8) -> bytes:
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape) + content


IDX = [
    Case(
        "IDX files of pictures and labels",
        sent(
            {
                "train-images-idx3-ubyte": idx((8, 16, 16), GREYS.tobytes()),
                "train-labels-idx1-ubyte": idx((8,), bytes([1, 2] * 4)),
            }
        ),
        [(x, str(1 + n % 2)) for n, x in enumerate(GREYS)],
    ),
    left_out("an IDX file that was cut short", idx((9, 16, 16), b"1" * 99), "are missing", "x"),
    left_out("an IDX file that claims petabytes", idx((2**32 - 1,) * 3, b"1"), "", "x"),
]

CASES = [*CSV, *PARQUET, *IDX]
