"""Hostile and unusual things that a person may bring, each with what is to come of it."""

from tests.vae.data.own.corpus import archives, arrays, pictures, sets, tables
from tests.vae.data.own.corpus.case import Case

CASES: list[Case] = [*archives.CASES, *pictures.CASES, *arrays.CASES, *tables.CASES, *sets.CASES]
