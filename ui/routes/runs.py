"""What the live view of a run asks for: its numbers since the last time, and its snapshots.

Both are read from the run's folder as it is at that moment; nothing is kept here, so a restarted
server goes on where the other left off.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import answers, base
from ui.answers import FOREVER, NEVER
from ui.routes.marks import marks
from ui.routes.snapshots import snapshot_payload
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.runs.records import Line
    from vae.runs.watch import RunView

LIVE_PATH = "/run/{id}/live"
SNAPSHOT_PATH = "/run/{id}/snapshot/{step}"
REPLAY_LIVE_PATH = "/replay/{replay}/live"
REPLAY_SNAPSHOT_PATH = "/replay/{replay}/snapshot/{step}"
MOST_KL_NUMBERS = 20_000
"""More numbers than this, some 200 kB of text, are not sent at once for a replay's bars."""


def routes() -> list[Route]:
    """Routes beside Streamlit's own, for `streamlit.starlette.App`."""
    served = {
        LIVE_PATH: serve_live,
        SNAPSHOT_PATH: serve_snapshot,
        REPLAY_LIVE_PATH: serve_live,
        REPLAY_SNAPSHOT_PATH: serve_snapshot,
    }
    return [Route(base.path() + path, to, methods=["GET"]) for path, to in served.items()]


def address(run: str) -> str:
    """Return the address below which a run's live view finds all it needs."""
    return f"{base.path()}/run/{run}"


def replay_address(run: str) -> str:
    """Return the same for a run that ships with the project."""
    return f"{base.path()}/replay/{run}"


def serve_live(request: Request) -> Response:
    """Answer with where a run stands and the metrics after a byte offset; 404 where it is gone."""
    query = request.query_params
    try:
        found = _looked_at(request)
        body = live(found, _whole(query.get("after")), query.get("file", ""))
    except UserError as error:
        return _refusal(error, 404)
    text = json.dumps(body, allow_nan=False, separators=(",", ":"))
    return Response(text, media_type="application/json", headers=answers.headers(NEVER))


def serve_snapshot(request: Request) -> Response:
    """Answer with one snapshot; 404 where the run is gone, 409 where the snapshot is."""
    from vae.models.posteriors import capabilities_in
    from vae.runs import watch

    try:
        found = _looked_at(request)
    except UserError as error:
        return _refusal(error, 404)
    try:
        step = _step(request.path_params["step"])
        name = _file_name(_snapshot_file(found.path, step))
        can = capabilities_in(found.config.get("model", {}))
        body = snapshot_payload(step, watch.snapshot(found.path, step), can["factorises"])
    except UserError as error:
        return _refusal(error, 409)
    # only the address that names the very file may be kept, if it was not replaced meanwhile
    same = name == _file_name(_snapshot_file(found.path, step))
    keep = FOREVER if name and same and request.query_params.get("v") == name else NEVER
    return Response(body, media_type="application/octet-stream", headers=answers.headers(keep))


def _looked_at(request: Request) -> "RunView":
    """Find the run of an address: a visitor's, or one that ships with the project."""
    from vae.runs import replays, watch

    if name := request.path_params.get("replay"):
        return replays.view(name)
    return watch.view(request.path_params["id"])


def live(found: "RunView", after: int = 0, file: str = "") -> dict[str, Any]:
    """Collect where a run stands, and what it reported beyond `after` bytes of `file`.

    Resuming writes the metrics anew; `file` names the one that `after` counts in, and an answer
    about another starts from its beginning, with ``reset`` true.
    """
    from vae.runs import watch

    now = _file_name(found.path / "metrics.jsonl")
    fresh = after == 0 or file != now
    lines, offset = watch.metrics(found.path, 0 if fresh else after)
    return {
        "state": found.state,
        "phase": found.phase,
        "step": found.step,
        "steps": found.steps,
        "share": found.share,
        "epoch": found.epoch,
        "seconds": found.seconds,
        "remaining": found.remaining,
        "position": found.position,
        "error": found.error,
        "file": now,
        "after": offset,
        "reset": fresh,
        "rows": [_row(line) for line in lines],
        "kl_per_dim": lines[-1].kl_per_dim if lines else None,
        "kl_rows": _kl_rows(lines),
        "snapshots": _snapshots(found.path),
        "marks": marks(found),
        **({"facts": facts(found.config)} if fresh else {}),
    }


def facts(config: dict[str, Any]) -> dict[str, Any]:
    """Return what a view must know of a run before its first number; all defaults if damaged."""
    from vae.data import source_of
    from vae.models.likelihoods import likelihood_in
    from vae.training.objectives import objective_in

    model, objective = config.get("model", {}), objective_in(config.get("training", {}))
    likelihood = likelihood_in(model)
    source = source_of(config.get("dataset"))
    return {
        "dataset": str(config.get("dataset", "")),
        "class_names": list(source.class_names) if source else [],
        "z_dim": model.get("z_dim"),
        **_of_parts(model),
        "image_shape": model.get("image_shape"),
        "beta": objective.beta_at(1.0) if objective else None,
        "warms_up": objective is not None and objective.has_schedule,
        "learns_scale": likelihood is not None and any(True for _ in likelihood.settled()),
        "scale_by_position": likelihood is not None and likelihood.scale_range() is not None,
        "validation_images": validation_images(config),
    }


def _of_parts(model: dict[str, Any]) -> dict[str, bool]:
    """Say what a view may draw of a model's parts; where unknown, what a usual VAE has."""
    from vae.models.posteriors import capabilities_in
    from vae.models.priors import PRIORS, PriorOptions, StandardNormal, has_density, is_by_class
    from vae.options import from_json

    can = capabilities_in(model)
    prior: PriorOptions = StandardNormal()
    with suppress(UserError):
        prior = from_json(PRIORS, model.get("prior", {}), "prior")
    whole = can["has_density"]
    return {
        "draws_itself": not has_density(prior),
        "has_density": whole,
        "rings": whole and prior.rings,
        "prior_by_class": is_by_class(prior),
        "kl_per_dim": whole and can["factorises"] and prior.factorises,
    }


def validation_images(config: dict[str, Any]) -> int | None:
    """Count the validation images that a run's reports are measured on; None where unknown."""
    from vae.data import source_of
    from vae.training.loop import VALIDATION_IMAGES

    source = source_of(config.get("dataset"))
    return min(VALIDATION_IMAGES, source.counts["validation"]) if source else None


def _row(line: "Line") -> list[float | None]:
    """Shorten a line of metrics: step, seconds, β; elbo, log p(x|z), KL of both splits; σ."""
    row = [line.step, line.seconds, line.beta]
    for score in (line.train, line.validation):
        row += [score.elbo, score.reconstruction, score.kl]
    return [*row, line.pixel_scale]


def _kl_rows(lines: list["Line"]) -> list[tuple[float | None, ...] | None] | None:
    """Return the KL of each dimension of every report; None where that would be too much."""
    numbers = sum(len(line.kl_per_dim or ()) for line in lines)
    return [line.kl_per_dim for line in lines] if numbers <= MOST_KL_NUMBERS else None


def _snapshots(path: Path) -> list[list[Any]]:
    """List the steps with a snapshot and a word for its file, so that a new one is not the old."""
    from vae.runs import watch

    found = []
    for step in watch.snapshots(path):
        name = _file_name(_snapshot_file(path, step))
        if name:
            found.append([step, name])
    return found


def _snapshot_file(path: Path, step: int) -> Path:
    return path / "snapshots" / f"{step:06d}.npz"


def _file_name(path: Path) -> str:
    """Name a file as it is now: replaced by another it gets another name; "" where it is gone.

    A snapshot is named by the time of its writing, other files by their place on the disk.
    """
    try:
        stat = path.stat()
    except OSError:
        return ""
    if path.suffix == ".npz":
        return f"{stat.st_mtime_ns:x}"
    return f"{stat.st_ino:x}"


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _step(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UserError(f"there is no snapshot of step {text[:20]!r}; choose another")
    return int(text)


def _refusal(error: UserError, status: int) -> Response:
    return PlainTextResponse(str(error), status, headers=answers.headers(NEVER))
