"""The split that files bring along: folders, names or a column that say train and test."""

import re

import numpy as np

from vae.data.splits import SPLITS

WORDS = {
    "train": ("train", "training", "trainset"),
    "validation": ("val", "valid", "validation", "dev", "publictest"),
    "test": ("test", "testing", "testset", "t10k", "privatetest"),
}
"""How folders, files and cells call the parts of a data set; the last two are FER2013's."""
PART_OF = {word: part for part, words in WORDS.items() for word in words}
NONE = -1


def of_folders(name: str) -> str | None:
    """Tell which part the folders of a file's name say: "a/train/cat/1.png" is of train."""
    folders = name.lower().split("/")[:-1]
    return next((PART_OF[one] for one in folders if one in PART_OF), None)


def of_file(name: str) -> str | None:
    """Tell which part a file of many pictures is: by its folders, or by its own name."""
    said = of_folders(name)
    if said is not None:
        return said
    words = re.split(r"[^a-z0-9]+", name.lower().rpartition("/")[2])
    found = {PART_OF[word] for word in words if word in PART_OF}
    return found.pop() if len(found) == 1 else None


def of_cell(text: str) -> str | None:
    """Tell which part a cell of a table says."""
    return PART_OF.get(text.strip().lower())


def number(part: str | None) -> int:
    """Give a part as its place among the splits, `NONE` for none."""
    return NONE if part is None else SPLITS.index(part)


def is_split(parts: np.ndarray) -> bool:
    """Tell whether numbers of parts make a split: one to learn from, and one that is held out."""
    train, *held_out = (bool((parts == place).any()) for place in range(len(SPLITS)))
    return train and any(held_out)


def said_of(parts: np.ndarray) -> str:
    """Say how many pictures each part that was given has, and what becomes of the others."""
    counts = {name: int((parts == place).sum()) for place, name in enumerate(SPLITS)}
    shares = ", ".join(f"{count:,} for {name}" for name, count in counts.items() if count)
    drawn = [name for name, count in counts.items() if not count]
    text = f"the files bring their own split, which is kept: {shares}"
    if drawn:
        text += f"; pictures for {drawn[0]} are drawn from those for train"
    if loose := int((parts == NONE).sum()):
        text += f"; {loose:,} in no part are learnt from"
    return text
