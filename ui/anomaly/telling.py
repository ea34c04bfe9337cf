"""What the component is told of the scores: what is there, on its way, and may be asked."""

from typing import Any

from ui import navigation, resources, words
from ui.anomaly import keeping, scoring
from ui.anomaly.foreign import Foreign
from ui.anomaly.scoring import Known
from ui.routes import anomaly as routes

LOOKERS = "It has not been computed yet, and on this server visitors only look."


def scores(model: str, foreign: Foreign, quick: scoring.Begun) -> list[dict[str, Any]]:
    """Describe every score, quick ones first; plain JSON."""
    from vae.measures.anomaly import DEFAULTS, SCORES

    known, found = Known.of(quick.found), []
    one = scoring.ready(model, foreign) if quick.found else None
    for name, cls in SCORES.items():
        score = cls()
        told = {
            "name": name,
            "title": cls.title,
            "sentence": cls.sentence,
            "source": cls.source,
            "unit": cls.unit.removesuffix(" per image"),
            "slow": cls.is_slow,
            "looks": looks(model, score),
            "why": "",
            "offer": "",
            "progress": 0.0,
            "left": "",
            "values": None,
            "auc": None,
            "keepable": False,
            "kept": False,
            "command": "",
        }
        refusal = None if one is None else one.detector.refusal(score)
        if refusal is not None:
            told |= {"state": "refused", "why": _sentence(refusal)}
        elif cls.is_slow:
            told |= _slow(model, foreign, name, one, score)
        else:
            told |= _done(model, foreign, name, known.blocks.get(name), known.rocs.get(name))
            told["state"] = "done" if told["values"] else "running" if quick.running else "refused"
            if told["state"] == "refused":
                told["why"] = _sentence(quick.error or "it was stopped")
        block = scoring.block(model, foreign, name)
        if one is not None and block is not None:
            told |= {
                "keepable": keeping.can_keep(one, block),
                "kept": keeping.is_kept(model, foreign, name),
                "command": keeping.command(model, foreign, name),
            }
        found.append(told)
    # what a page shows first stands first
    names = [*DEFAULTS, *SCORES]
    return sorted(found, key=lambda told: (bool(told["slow"]), names.index(str(told["name"]))))


def looks(model: str, score: Any) -> str:
    """Say what a score looks at: "pixels" alone, "codes", or what the decoder makes of these."""
    passes = score.passes(resources.checkpoint(model).model)
    return "decoded" if passes > 1 else "codes" if passes and score.own else "pixels"


def _done(
    model: str, foreign: Foreign, name: str, block: scoring.Block | None, roc: Any
) -> dict[str, Any]:
    if block is None:
        return {}
    told: dict[str, Any] = {"values": routes.scores_address(model, foreign, name, block.digest)}
    if roc is not None:
        told["auc"] = {"value": roc.auc, "low": roc.low, "high": roc.high}
    return told


def _slow(
    model: str, foreign: Foreign, name: str, one: scoring.Ready | None, score: Any
) -> dict[str, Any]:
    found = scoring.slow_work(model, foreign, name)
    if found is not None and found.done:
        last: scoring.Slow = found.found[-1]
        return {"state": "done", **_done(model, foreign, name, last.block, last.roc)}
    if found is not None and found.running:
        share = len(found.found) / found.total
        left = scoring.seconds(one, score) * (1 - share) if one is not None else None
        told = {"state": "running", "progress": share}
        return told if left is None else {**told, "left": f"{words.duration(max(1, left))} left"}
    if navigation.read_only():
        return {"state": "refused", "why": LOOKERS}
    if one is None:
        return {"state": "waiting"}
    said = {"state": "offered", "offer": _offer(one, score)}
    if found is not None and found.error is not None:
        said["why"] = _sentence(found.error)
    return said


def _offer(one: scoring.Ready, score: Any) -> str:
    count = len(scoring.slow_rows(one.material))
    about = words.duration(max(1, scoring.seconds(one, score)))
    return f"{count:,} images, about {about}"


def _sentence(clause: str) -> str:
    text = clause[:1].upper() + clause[1:]
    return text if text.endswith(".") else f"{text}."


def without_any(scores: list[dict[str, Any]]) -> str:
    """Say why no score has a meaning for a model."""
    reasons = list(dict.fromkeys(str(score["why"]) for score in scores if score["why"]))
    return f"No score can be used here. {reasons[0]}" if reasons else "There is no score yet."
