"""The body of the page: the component, told anew while something is being computed."""

import threading
from typing import Any

import streamlit as st

from ui import first_pictures, navigation, resources, words
from ui.anomaly import foreign as foreigns
from ui.anomaly import keeping, known, material, own, scoring, slow, telling
from ui.anomaly.component import anomaly
from ui.anomaly.foreign import Foreign
from ui.resources import datasets, families
from ui.routes import anomaly as routes
from ui.state import AppState, held, put, said_by
from vae.errors import UserError
from vae.files import owner

KEY = "anomaly"
FOREIGN = "foreign"
"""The name of what is foreign, in the address."""
CHOSEN, OWN, SHOWN = "anomaly_foreign", "anomaly_own", "anomaly_shown"
POLL_SECONDS = 0.25
PATIENCE = 0.5
"""Seconds that an answer waits for the first score, so that it comes with it."""


def view(model: str) -> None:
    """Draw the component; it is told anew as long as something is on its way."""
    every = _every(model)
    st.fragment(_show, run_every=every)(model, every)


def prepare_scores(model: str, asked: str | None) -> None:
    """Begin what the first picture shows, while the browser still loads its scripts."""
    foreign = foreigns.find(model, asked)
    if foreign.label is None:
        # read beside the model's own images, not after them
        read = owner.carried(datasets.by_name)
        threading.Thread(target=read, args=(foreign.name,), daemon=True).start()
    if datasets.of_model(model) is not None:
        scoring.begun(model, foreign, lambda: False)


def _show(model: str, every: float | None) -> None:
    anomaly(data(model), key=KEY, on_asked=lambda: hear(model))
    if _every(model) != every:
        st.rerun()


def _every(model: str) -> float | None:
    """Return after how many seconds to look again; None where nothing is on its way."""
    if datasets.of_model(model) is None:
        return None
    foreign = chosen(model)
    if foreign is None:
        return None
    quick = _begun(model, foreign)
    # what slow ones score is known with the first quick one
    running = quick.running or (bool(quick.found) and slow.running(model, foreign))
    return POLL_SECONDS if running else None


def _begun(model: str, foreign: Foreign) -> scoring.Begun:
    """Return the quick scores; the others follow when the pictures of the first one stand."""
    shown = f"{model} {foreign.name}"
    return scoring.begun(model, foreign, lambda: first_pictures.stand(KEY, shown))


def chosen(model: str) -> Foreign | None:
    """Return what is held as foreign now: what was chosen, what the address asks for, the first.

    None where there is nothing; an unknown name in the address becomes a notice.
    """
    name = (held(CHOSEN) or {}).get(model)
    asked = name or st.query_params.get(FOREIGN)
    try:
        return foreigns.find(model, asked)
    except UserError as error:
        if name is None and asked is not None and foreigns.choices(model):
            AppState().notice(str(error))
            put(CHOSEN, {**(held(CHOSEN) or {}), model: (first := foreigns.find(model, None)).name})
            return first
        return None


def data(model: str) -> dict[str, Any]:
    """Collect what the component is told."""
    told = _of_model(model)
    if datasets.of_model(model) is None:
        return told | {"why": material.absent(model)}
    foreign = chosen(model)
    if foreign is None:
        return told | {"why": _nothing(model)}
    quick = _begun(model, foreign)
    # at first the browser has scripts to load meanwhile
    if not quick.first.done and held(SHOWN) and quick.first.wait(PATIENCE):
        quick = _begun(model, foreign)
    put(SHOWN, True)
    told |= {
        "foreign": foreign.name,
        "foreigns": [foreigns.to_json(one) for one in foreigns.choices(model)],
        "working": f"scoring images of {foreign.title} …" if quick.running else "",
    }
    if not quick.found:
        return told | {"why": words_of(quick)}
    one, scores = scoring.ready(model, foreign), telling.scores(model, foreign, quick)
    if not quick.running and not any(score["values"] for score in scores):
        return told | {"scores": scores, "why": telling.without_any(scores)}
    return told | {
        "about": routes.images_address(model, foreign, "about"),
        "pictures": routes.images_address(model, foreign, "pictures"),
        "pixels": routes.images_address(model, foreign, "nats"),
        "codes": routes.images_address(model, foreign, "codes"),
        "classes": list(one.material.own.class_names),
        "foreignClasses": list(one.material.foreign_classes),
        "scores": scores,
        "own": (held(OWN) or {}).get(model),
    }


def words_of(quick: scoring.Begun) -> str:
    """Say why there is nothing yet; "" while it is on its way."""
    return "" if quick.running or quick.error is None else quick.error


def _nothing(model: str) -> str:
    try:
        foreigns.find(model, None)
    except UserError as error:
        return str(error)
    return ""


def _of_model(model: str) -> dict[str, Any]:
    header = resources.header(model)
    return {
        "model": model,
        "title": families.title(model),
        "preferred": resources.preferred(resources.library()),
        "dataset": str(header["dataset"].get("name", "unknown images")),
        "shape": list(header["model"]["image_shape"]),
        "framing": datasets.framing(model),
        "why": "",
        "split": material.TRIED,
        "held": material.HELD,
        "diagnosed": header["dataset"].get("split") == material.TRIED,
        "foreign": "",
        "foreigns": [],
        "about": None,
        "pictures": None,
        "pixels": None,
        "codes": None,
        "classes": [],
        "foreignClasses": [],
        "scores": [],
        "working": "",
        "asks": not navigation.read_only(),
        "own": None,
    }


def hear(model: str) -> None:
    """Do what the component asks for."""
    asked = said_by(KEY).get("asked")
    if not isinstance(asked, dict) or asked.get("model") != model:
        return
    try:
        _do(model, asked)
    except UserError as error:
        st.toast(words.plain(str(error)))


def _do(model: str, asked: dict[str, Any]) -> None:
    do, score = asked.get("do"), str(asked.get("score"))
    if do == "foreign":
        name = foreigns.find(model, str(asked.get("foreign"))).name
        put(CHOSEN, {**(held(CHOSEN) or {}), model: name})
        put(OWN, {})
        return
    foreign = chosen(model)
    if foreign is None:
        return
    if do == "measure" and score in slow.names():
        slow.start(model, foreign, score)
    elif do == "stop" and score in slow.names():
        slow.stop(model, foreign, score)
    elif do == "keep" and score in known.names(model, foreign):
        keeping.keep(model, foreign, score)
    elif do == "own":
        shape = tuple(resources.header(model)["model"]["image_shape"])
        image, number = own.read(asked, shape), int(asked.get("count", 0))
        put(OWN, {model: own.scored(model, foreign, image, known.names(model, foreign), number)})
