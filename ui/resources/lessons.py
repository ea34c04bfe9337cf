"""The lessons as the browser is told them, computed once for all visitors."""

from typing import Any

import streamlit as st

from ui import resources
from vae.learn import told
from vae.learn.registry import lesson

Versions = tuple[resources.Version, ...]


def lesson_told(name: str) -> dict[str, Any]:
    """Return what the browser is told of a lesson.

    Raises
    ------
    UserError
        When there is no such lesson, or a model that it looks at is not here.
    """
    return _told(name, _versions(name))


def lesson_sheet(name: str) -> dict[str, Any]:
    """Return a lesson's questions with their answers; `UserError` as above."""
    return _sheet(name, _versions(name))


def _versions(name: str) -> Versions:
    models = lesson(name).models or {}
    return tuple(resources.version(model) for model in models.values())


@st.cache_resource(max_entries=64, show_spinner=False)
def _told(name: str, versions: Versions) -> dict[str, Any]:
    return told.told(lesson(name), resources.checkpoint)


@st.cache_resource(max_entries=64, show_spinner=False)
def _sheet(name: str, versions: Versions) -> dict[str, Any]:
    return told.sheet(lesson(name), resources.checkpoint)
