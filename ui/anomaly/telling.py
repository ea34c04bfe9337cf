"""What the component is told of the scores: what is there, on its way, and may be asked."""

from typing import TYPE_CHECKING, Any

from ui import navigation, resources, words
from ui.anomaly import keeping, slow
from ui.anomaly.foreign import Foreign
from ui.anomaly.scoring import Begun, Found, Ready, found_of, ready
from ui.routes import anomaly as routes

if TYPE_CHECKING:
    from vae.measures.anomaly import Score

LOOKERS = "It has not been computed yet, and on this server visitors only look."


def scores(model: str, foreign: Foreign, quick: Begun) -> list[dict[str, Any]]:
    """Describe every score, quick ones first; plain JSON."""
    from vae.measures.anomaly import DEFAULTS, SCORES

    one = ready(model, foreign) if quick.found else None
    found = [_told(model, foreign, quick, one, cls()) for cls in SCORES.values()]
    # what a page shows first stands first
    names = [*DEFAULTS, *SCORES]
    return sorted(found, key=lambda told: (bool(told["slow"]), names.index(str(told["name"]))))


def _told(
    model: str, foreign: Foreign, quick: Begun, one: Ready | None, score: "Score"
) -> dict[str, Any]:
    told = _described(model, score)
    # training images are there, where anything is
    refusal = None if one is None else score.refusal(one.plain.model)
    if refusal is not None:
        return told | {"state": "refused", "why": _sentence(refusal)}
    if score.is_slow:
        found, state = _slow(model, foreign, one, score)
    else:
        found, state = _quick(quick, score.name)
    there = {} if one is None or found is None else _done(model, foreign, score.name, one, found)
    return told | state | there


def _described(model: str, score: "Score") -> dict[str, Any]:
    return {
        "name": score.name,
        "title": score.title,
        "sentence": score.sentence,
        "source": score.source,
        "unit": score.unit.removesuffix(" per image"),
        "slow": score.is_slow,
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


def looks(model: str, score: "Score") -> str:
    """Say what a score looks at: "pixels" alone, "codes", or what the decoder makes of these."""
    passes = score.passes(resources.checkpoint(model).model)
    return "decoded" if passes > 1 else "codes" if passes and score.own else "pixels"


def _quick(quick: Begun, name: str) -> tuple[Found | None, dict[str, Any]]:
    """Give what a quick score found, and tell how far it is."""
    if (found := found_of(quick.found).get(name)) is not None:
        return found, {"state": "done"}
    if quick.running:
        return None, {"state": "running"}
    return None, {"state": "refused", "why": _sentence(quick.error or "it was stopped")}


def _done(model: str, foreign: Foreign, name: str, one: Ready, found: Found) -> dict[str, Any]:
    area = found.roc
    return {
        "values": routes.scores_address(model, foreign, name, found.block.digest),
        "auc": area and {"value": area.auc, "low": area.low, "high": area.high},
        "keepable": keeping.can_keep(one, found.block),
        "kept": keeping.is_kept(model, foreign, name),
        "command": keeping.command(model, foreign, name),
    }


def _slow(
    model: str, foreign: Foreign, one: Ready | None, score: "Score"
) -> tuple[Found | None, dict[str, Any]]:
    """Give what a slow score found, and tell how far it is."""
    if one is None:
        return None, {"state": "waiting"}
    found = slow.found(model, foreign, score.name)
    if found is not None:
        return found, {"state": "done"}
    job = slow.status(model, foreign, score.name)
    if job.state == "running":
        left = job.remaining
        said = "waits for its turn …" if job.phase == "waiting" else "begins …"
        said = said if left is None else f"{words.duration(max(1, left))} left"
        return None, {"state": "running", "progress": job.progress, "left": said}
    if navigation.read_only():
        return None, {"state": "refused", "why": LOOKERS}
    why = "" if job.error is None else _sentence(job.error)
    if job.state == "interrupted":
        why = f"It was ended at {100 * job.progress:.0f} %, and goes on from there."
    return None, {"state": "offered", "offer": _offer(one, score), "why": why}


def _offer(one: Ready, score: "Score") -> str:
    count = len(slow.rows(one.material))
    about = words.duration(max(1, slow.seconds(one, score)))
    return f"{count:,} images, about {about}"


def _sentence(clause: str) -> str:
    text = clause[:1].upper() + clause[1:]
    return text if text.endswith(".") else f"{text}."


def without_any(scores: list[dict[str, Any]]) -> str:
    """Say why no score has a meaning for a model."""
    reasons = list(dict.fromkeys(str(score["why"]) for score in scores if score["why"]))
    return f"No score can be used here. {reasons[0]}" if reasons else "There is no score yet."
