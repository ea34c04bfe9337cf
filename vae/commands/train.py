"""Train a model and write it to a run folder."""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae.commands.opening import load_dataset
from vae.commands.parsing import add_json
from vae.commands.reporting import watching
from vae.errors import UserError

if TYPE_CHECKING:
    from vae.checkpoint import Checkpoint
    from vae.models.config import VAEConfig
    from vae.training.config import TrainConfig
    from vae.training.distributed import Team
    from vae.training.objectives import ObjectiveOptions

NICENESS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's flags."""
    add_options(parser)
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="run folder to make (default: named after the model, in $VAE_RUNS or runs)",
    )
    parser.add_argument(
        "--start-from",
        metavar="CHECKPOINT",
        help="begin with the weights of this model, a file or a name, in place of random ones",
    )
    parser.add_argument(
        "--resume",
        metavar="DIR",
        help="go on with the run in this folder; of the other options only --epochs or --seconds, "
        "for so much longer where it is finished",
    )
    add_json(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what is trained and how, most of it from the fields of the option classes."""
    from vae.data import DEFAULT_DATASET
    from vae.models.config import VAEConfig
    from vae.options import describe, plain_fields
    from vae.training.config import TrainConfig, kinds

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help=f"data set to learn from, or the path of own images (default {DEFAULT_DATASET})",
    )
    z_dim = describe(plain_fields(VAEConfig)["z_dim"])
    parser.add_argument("--z-dim", metavar="N", help=_escape(z_dim))
    for kind, field in kinds().items():
        parser.add_argument(f"--{kind}", metavar="NAME", help=_escape(_choices(kind, field)))
    parser.add_argument("--beta", metavar="X", help="the same as --set objective.beta=X")
    for field in plain_fields(TrainConfig).values():
        flag, text = "--" + field.name.replace("_", "-"), _escape(describe(field))
        if field.type is bool:
            parser.add_argument(flag, action="store_const", const="true", help=text)
        elif field.type == bool | None:
            parser.add_argument(flag, nargs="?", const="true", metavar="true|false", help=text)
        else:
            parser.add_argument(flag, metavar="X", help=text)
    parser.add_argument(
        "--set",
        action="append",
        metavar="KIND.OPTION=VALUE",
        help="set any option of the parts named above; may be repeated",
    )
    parser.epilog = _escape("\n".join(["options for --set:", *_option_lines()]))


def run(args: argparse.Namespace) -> None:
    """Train, or go on training, and print what was reached."""
    from vae.runs import team as run_team
    from vae.runs import watch as run_watch
    from vae.training.distributed import gathered

    give_way()
    with gathered() as team:
        if not team.leads:
            return run_team.follow(team)
        out, checkpoint = _resume(args, team) if args.resume is not None else _start(args, team)
    print("\n".join(_summary(out, checkpoint, args.json)))
    warning = run_watch.view(out).warning
    if warning and warning not in str(checkpoint.metrics.get("note")):
        print(f"note: {warning}", file=sys.stderr)


def registries() -> dict[str, Mapping[str, type[Any]]]:
    """Give the registries that the command chooses from, by the kind of part."""
    from vae.options import registry_of
    from vae.training.config import kinds

    return {kind: registry_of(field) for kind, field in kinds().items()}


def configure(
    args: argparse.Namespace, image_shape: tuple[int, int, int], classes: int = 0
) -> tuple["VAEConfig", "TrainConfig"]:
    """Turn flags into the two configs; each bad value is a `UserError` that names it.

    ``image_shape`` and the number of ``classes`` are those of the data set.
    """
    from vae.models.config import VAEConfig
    from vae.options import choose, override, plain_fields, registry_of
    from vae.training.config import TrainConfig, kinds
    from vae.training.objectives import check_fit, first_of

    parts: dict[str, Any] = {"training": TrainConfig()}
    for kind, field in kinds().items():
        if (name := getattr(args, kind)) is not None:
            parts[kind] = choose(registry_of(field), name, kind)()
    parts.setdefault("objective", kinds()["objective"].default)
    for kind, field in kinds().items():
        parts.setdefault(kind, first_of(type(parts["objective"]), kind, field.default))
    _check_used(args, parts["objective"])
    for field in plain_fields(TrainConfig).values():
        if (text := getattr(args, field.name)) is not None:
            parts["training"] = override(parts["training"], field.name, text)
    sets = [] if args.beta is None else [f"objective.beta={args.beta}"]
    for text in sets + (args.set or []):
        kind, key, value = _assignment(text, tuple(parts))
        parts[kind] = override(parts[kind], key, value)
    training = dataclasses.replace(parts.pop("training"), objective=parts.pop("objective"))
    parts["conditioning"] = parts["conditioning"].for_classes(classes)
    model = VAEConfig(image_shape=image_shape, **parts)
    check_fit(training.objective, model)
    return (model if args.z_dim is None else override(model, "z_dim", args.z_dim)), training


def _check_used(args: argparse.Namespace, objective: "ObjectiveOptions") -> None:
    from vae.options import title_of

    for name in sorted(objective.unused):
        if getattr(args, name) is not None:
            flag = "--" + name.replace("_", "-")
            raise UserError(f"{flag} has no meaning for {title_of(objective)}; leave it out")


def _start(args: argparse.Namespace, team: "Team") -> tuple[Path, "Checkpoint"]:
    from vae import data, library
    from vae.checkpoint import read_header
    from vae.models.config import VAEConfig
    from vae.runs import control
    from vae.runs import driver as runs
    from vae.training.inherit import check_inherits

    name = data.DEFAULT_DATASET if args.dataset is None else args.dataset
    if args.out == "":
        raise UserError("--out names no folder; give one, or leave --out away for a new one")
    source = data.find(name)
    model, training = configure(args, source.image_shape, len(source.class_names))
    if args.start_from is not None:
        theirs = VAEConfig.from_json(read_header(library.find(args.start_from))["model"])
        check_inherits(args.start_from, theirs, model, training.objective)
    dataset = load_dataset(name, args.json)
    stem = f"{name}-{model.z_dim}d"
    out = control.make_folder(stem) if args.out is None else Path(args.out)
    try:
        with watching(args.json) as watch:
            start_from = args.start_from
            return out, runs.start(out, dataset, model, training, watch, waiting, start_from, team)
    except UserError:
        if args.out is None:
            with suppress(OSError):
                out.rmdir()  # ours, and still empty where the run could not begin
        raise


def refuse_others(args: argparse.Namespace, taken: tuple[str, ...], why: str) -> None:
    """Raise `UserError` where another option than those is given."""
    for name, value in vars(args).items():
        if value is not None and value is not False and name not in (*taken, "command", "run"):
            flag = "--" + name.replace("_", "-")
            raise UserError(f"{why}; leave {flag} out")


def _resume(args: argparse.Namespace, team: "Team") -> tuple[Path, "Checkpoint"]:
    from vae import checkpoint
    from vae.runs import driver as runs
    from vae.runs import steering
    from vae.training.steering import BUDGETS

    taken = ("resume", "json", *BUDGETS)
    refuse_others(args, taken, "--resume goes on with the run's own settings")
    out, longer = Path(args.resume), _longer(args)
    if longer:
        steering.check_longer(out, *next(iter(longer.items())))
    elif _is_finished(out):
        return out, checkpoint.read(out / "model.safetensors")
    with watching(args.json) as watch:
        return out, runs.resume(out, watch, waiting, longer, team)


def _longer(args: argparse.Namespace) -> dict[str, float]:
    """Say for how much longer a finished run is to be trained; empty where that is not asked."""
    from vae.options import override
    from vae.training.config import TrainConfig
    from vae.training.steering import BUDGETS

    asked = TrainConfig()
    given = [name for name in BUDGETS if getattr(args, name) is not None]
    for name in given:
        asked = override(asked, name, getattr(args, name))
    return {name: getattr(asked, name) for name in given}


def waiting(place: int) -> None:
    """Say that another run trains first."""
    # to a terminal that is gone it need not be said
    with suppress(OSError):
        print(f"another run is training; this one is number {place} in the queue", file=sys.stderr)


def give_way() -> None:
    """Let a server on the same cores go first, where this process was started beside one."""
    from vae.runs.control import BACKGROUND

    if os.environ.pop(BACKGROUND, None):
        os.nice(NICENESS)
        # processes of a session of their own compete as a group, whose niceness counts then
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICENESS))


def _is_finished(folder: Path) -> bool:
    from vae.runs.records import read_status

    # what is wrong with the folder is for resuming to find and tell
    return read_status(folder).state == "finished"


def _choices(kind: str, field: dataclasses.Field[Any]) -> str:
    from vae.options import registry_of

    own = kind in ("posterior", "conditioning")
    first = "the objective's own" if own else field.default.name
    return f"{field.metadata['help']}: {', '.join(registry_of(field))} (default {first})"


def _assignment(text: str, known: tuple[str, ...]) -> tuple[str, str, str]:
    from vae.training.config import kinds

    target, equals, value = text.partition("=")
    kind, dot, key = target.strip().partition(".")
    if kind == "training" and key in kinds():
        raise UserError(f"--set {text} is no option; use --{key} NAME")
    if not (equals and dot and key):
        raise UserError(f"--set takes KIND.OPTION=VALUE, such as objective.beta=4, not '{text}'")
    if kind not in known:
        raise UserError(f"unknown kind '{kind}' in --set {text}; choose from {', '.join(known)}")
    return kind, key.strip().replace("-", "_"), value.strip()


def _summary(out: Path, checkpoint: "Checkpoint", as_json: bool) -> list[str]:
    from vae.runs import coach as verdict

    metrics, model = checkpoint.metrics, str(out / "model.safetensors")
    found = verdict.of_run(out, metrics.get("active_units"))
    if as_json:
        said = None if found is None else asdict(found)
        return [json.dumps({"out": str(out), "model": model, "metrics": metrics, "verdict": said})]
    lines = [f"wrote {model}"]
    for name in ("elbo", "reconstruction", "kl"):
        if (value := metrics.get(name)) is not None:
            lines.append(f"{name:<15} {value:10.2f}  nats per image, test split, as stored")
    if (accuracy := metrics.get("accuracy")) is not None:
        lines.append(f"{'accuracy':<15} {accuracy:10.3f}  of the model's classifier, test split")
    if (accuracy := metrics.get("knn_accuracy")) is not None:
        lines.append(f"{'knn_accuracy':<15} {accuracy:10.3f}  of the test split's codes")
    if (scale := metrics.get("pixel_scale")) is not None:
        lines.append(f"{'pixel_scale':<15} {scale:10.4f}  standard deviation, in pixel values")
        lines.append(f"note: {metrics.get('note')}")
    return lines if found is None else [*lines, str(found)]


def _option_lines() -> list[str]:
    from vae.options import describe, registry_of
    from vae.training.config import kinds

    lines = []
    for kind, field in kinds().items():
        for cls in registry_of(field).values():
            for field in dataclasses.fields(cls):
                lines.append(f"  {kind}.{field.name} ({cls.name}): {describe(field)}")
    return lines


def _escape(text: str) -> str:
    return text.replace("%", "%%")
