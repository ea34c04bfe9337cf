"""Which numbers of several models can be compared, and which differences are significant."""

from vae.measures.comparison.entry import Entry as Entry
from vae.measures.comparison.row import Cell as Cell
from vae.measures.comparison.row import Pair as Pair
from vae.measures.comparison.row import Row as Row
from vae.measures.comparison.row import compared as compared
from vae.measures.comparison.subjects import subject_of as subject_of
from vae.measures.comparison.subjects import why_not as why_not
