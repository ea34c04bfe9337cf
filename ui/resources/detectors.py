"""What scores the images of a model, kept for all visitors while it is asked."""

from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st


def kept(key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """Return what ``make()`` gives, made once as long as it is remembered by its key."""
    return _kept(key, make)


# few: each holds thousands of images
@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(key: tuple[Hashable, ...], _make: Callable[[], Any]) -> Any:
    return _make()
