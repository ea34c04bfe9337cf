"""`docs/published.md`, written from what has run; a row that has not is named and not quoted."""

import json
import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.published import beside
from benchmarks.published.results import Result, begun, read
from benchmarks.published.rows import NOTES, ROWS, Row, network, schedule

PAGE = Path(__file__).resolve().parents[2] / "docs" / "published.md"
PROTOCOL = """\
# Published numbers, approached

Written by `python -m benchmarks.published --write` from what has run; nothing here is typed by
hand but the published numbers. A row that has not run is not quoted.

MNIST with stochastic binarization: each training pixel is drawn black or white anew at each step,
its grey value being the probability of white, and each test pixel once, from one seed for all.
5,000 of the 60,000 training images are held out for validation and never trained on; settings
were chosen on them, and each model was measured on the test split once, after its last step. The
networks are the published ones; the schedules are ours, and are stated.

NLL is −log p(x) in nats per image, importance weighted (Burda et al. 2016, eq. 8) with as many
samples as in the source, over all 10,000 test images. The difference is ours − published: below 0
ours is better. Its ± is the standard error, over images or over seeds, whichever is larger. The
published number is a mean over the same test images with other draws of their pixels, so that
much of the error over images is common to both.
"""


def minus(text: str) -> str:
    """Put a true minus in place of a hyphen before a number."""
    return text.replace("-", "−")


def groups(results: list[Result]) -> list[list[Result]]:
    """Part the results of a row by settings; the seeds of one setting are together."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[json.dumps(replace(result.config, seed=0).to_json())].append(result)
    return list(found.values())


def chosen(row: Row, results: list[Result]) -> list[Result]:
    """Return the seeds to tell of: those of the row's own settings, or else the longest run."""
    planned = [one for one in results if one.config == row.trained(one.config.seed)]
    if planned or not results:
        return planned
    return max(groups(results), key=lambda group: (group[0].config.epochs or 0, len(group)))


def error(nlls: np.ndarray) -> float:
    """Return the standard error of the mean over (seeds, images): over either, the larger."""
    over_images = nlls.mean(0).std(ddof=1) / math.sqrt(nlls.shape[1])
    if len(nlls) < 2:
        return float(over_images)
    return float(max(over_images, nlls.mean(1).std(ddof=1) / math.sqrt(len(nlls))))


def seeds(nlls: np.ndarray) -> str:
    """Say how far the seeds lie apart."""
    if len(nlls) < 2:
        return "one seed"
    each = nlls.mean(1)
    return f"{len(each)} seeds, {each.min():.2f} to {each.max():.2f}"


def epochs(row: Row, result: Result) -> str:
    """Say how long it was trained, and how far that is from the plan."""
    done, planned = result.config.epochs or 0, row.training.epochs or 0
    return f"{done:,} of {planned:,} planned" if done < planned else f"{done:,}"


def line(row: Row, found: list[Result]) -> str:
    """Give a row's line of the table."""
    nlls = np.array([result.nll for result in found])
    apart = minus(f"{nlls.mean() - row.published:+.2f} ± {error(nlls):.2f}")
    units = sorted({result.active_units for result in found})
    span = f"{units[0]}" if len(units) == 1 else f"{units[0]} to {units[-1]}"
    minutes = sum(result.train_seconds for result in found) / len(found) / 60
    bound = -sum(result.elbo for result in found) / len(found)
    return (
        f"| `{row.name}` | {row.title} | {row.published:.2f} | **{nlls.mean():.2f}** "
        f"| {seeds(nlls)} | {apart} | {bound:.2f} | {span} of {row.model.z_dim} "
        f"| {epochs(row, found[0])} | {minutes:.0f} |"
    )


HEAD = (
    "| row | model | published NLL | ours | seeds | difference | our −ELBO | active units "
    "| epochs | minutes |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def table(source: str, found: dict[str, list[Result]]) -> list[str]:
    """Give the section of one source; empty where nothing of it has run."""
    rows = [
        ROWS[name] for name, results in found.items() if results and ROWS[name].source == source
    ]
    if not rows:
        return []
    layers = "; ".join(dict.fromkeys(_layers(row) for row in rows))
    samples = " or ".join(dict.fromkeys(f"{row.samples:,}" for row in rows))
    return [
        f"## {source}",
        "",
        f"Encoder {layers}, the decoder mirrors it; {samples} samples. {NOTES[source]}",
        "",
        *HEAD,
        *(line(row, found[row.name]) for row in rows),
        "",
        *(f"{words}\n" for words in trainings({row.name: found[row.name] for row in rows})),
    ]


def trainings(found: dict[str, list[Result]]) -> list[str]:
    """Say how the models were trained, once where all were trained alike."""
    ways: dict[str, list[str]] = defaultdict(list)
    for name, results in found.items():
        arithmetic = "bfloat16" if results[0].bfloat16 else "float32"
        ways[f"{schedule(results[0].config)}; {arithmetic}"].append(f"`{name}`")
    if len(ways) == 1:
        return [f"Schedule: {words}." for words in ways]
    return [f"Schedule of {', '.join(names)}: {words}." for words, names in ways.items()]


def _layers(row: Row) -> str:
    layers, _, rest = network(row.model).partition(",")
    return f"{layers.rpartition('-')[0]}-z,{rest}"


def beside_pythae(sides: list[beside.Side]) -> list[str]:
    """Give the section of the two programs; empty where it has not run."""
    if not sides:
        return []
    groups: dict[tuple[int, str], list[beside.Side]] = defaultdict(list)
    for side in sides:
        groups[side.epochs, side.title].append(side)
    lines = [
        "## Beside pythae",
        "",
        f"pythae 0.1.2's VAE with the network it builds by itself ({network(beside.MODEL)}), and "
        "the same network here: the same training images, drawn anew, the same number of epochs, "
        f"one after the other in one run on {threads(sides)}. Both NLLs are computed by the same "
        f"code with {beside.SAMPLES:,} samples, pythae's from its weights. Where other programs "
        "use the machine too, the seconds of the processor are the ones to compare.",
        "",
        "| | epochs | NLL | seeds | seconds of training | of the processor | settings |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (epochs, title), group in groups.items():
        nlls = np.array([side.nll for side in group])
        wall = np.mean([side.seconds for side in group])
        processor = np.mean([side.processor_seconds for side in group])
        lines.append(
            f"| {title} | {epochs} | {nlls.mean():.2f} ± {error(nlls):.2f} | {seeds(nlls)} "
            f"| {wall:.0f} | {processor:.0f} | {group[0].settings} |"
        )
    return [*lines, ""]


def threads(found: list[beside.Side] | list[Result]) -> str:
    counts = sorted({one.threads for one in found})
    words = " or ".join(map(str, counts))
    return f"{words} thread{'s' if counts != [1] else ''}"


def waiting(folder: Path, row: Row) -> str:
    """Name a row that has no result, and how far its training has got."""
    far = begun(folder, row)
    return f"`{row.name}` ({far})" if far else f"`{row.name}`"


def page(folder: Path) -> str:
    """Write the whole document from the results of a folder."""
    found = {name: chosen(row, read(folder, row)) for name, row in ROWS.items()}
    sources = dict.fromkeys(row.source for row in ROWS.values())
    lines = [PROTOCOL]
    for source in sources:
        lines += table(source, found)
    lines += beside_pythae(sides := beside.read(folder))
    if there := [result for results in found.values() for result in results]:
        machines = ", ".join(sorted({result.torch for result in there}))
        lines += [
            f"Minutes are those of one training, on {threads(there)} of a shared machine; torch "
            f"{machines}.",
            "",
        ]
    missing = [waiting(folder, row) for name, row in ROWS.items() if not found[name]]
    missing += [] if sides else [f"`{beside.NAME}`"]
    if missing:
        lines += [f"Not run to the end yet: {', '.join(missing)}.", ""]
    return "\n".join(lines).rstrip() + "\n"


def write(folder: Path) -> None:
    """Replace the document."""
    PAGE.write_text(page(folder), encoding="utf-8")
    print(f"wrote {PAGE}")
