"""The table of numbers: what it says of each model, on the page and as HTML."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.tiny_models import tiny_checkpoint, write_models
from ui import first_pictures, work
from ui.compare import pictures
from ui.compare.numbers import measuring, rows, slow, table
from vae import checkpoint, data
from vae.measures.comparison import Entry, compared
from vae.measures.registry import Better, Measured, Quantity, Reading, mean_of
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS
from vae.models.vae import build

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60
CONFIG = VAEConfig((1, 8, 8), 2, MLP(hidden=(8,)))
CONFIGS = {
    "plain": CONFIG,
    "other": replace(CONFIG, z_dim=3),
    "points": replace(CONFIG, posterior=POSTERIORS["point"]()),
    "line": replace(CONFIG, z_dim=1),
}
HARD = np.random.default_rng(0).normal(-100, 30, 400)
NATS = Quantity("q", "Bound <b>", "nats per image", Reading("What it is.", Better.HIGHER, "Me, 1"))


@pytest.fixture
def digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Models of images that are on every machine."""
    sha256 = data.load("digits").split("test").sha256()
    of_digits = {"name": "digits", "split": "test", "sha256": sha256}
    for seed, (name, config) in enumerate(CONFIGS.items()):
        one = tiny_checkpoint(name, config)
        made = replace(one, dataset=of_digits, model=build(config, seed))
        checkpoint.write(tmp_path / f"{name}.safetensors", made)
    monkeypatch.setenv("VAE_CHECKPOINTS", str(tmp_path))
    return tmp_path


def done(computation: work.Work) -> work.Work:
    """Wait for a computation; one that nobody asks for any more is dropped."""
    while not computation.wait(0.5) and computation.running:
        work.find(computation.key)
    assert computation.error is None
    return computation


def measured(shift: float) -> Measured:
    values = HARD + shift
    return Measured({"q": mean_of(values)}, len(values), per_image={"q": values})


class Cells(HTMLParser):
    """Collect the text of each cell, and what is said of signs."""

    def __init__(self, text: str):
        super().__init__()
        self.cells: list[str] = []
        self.said: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "td":
            self.cells.append("")
        self.said += [value for name, value in attrs if name == "aria-label"]

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def html(entries: list[Entry]) -> str:
    labels = {entry.model: entry.model for entry in entries}
    return table.table([compared(NATS, entries)], labels, "digits", 400)


def test_only_a_significantly_better_number_is_bold():
    clear = html([Entry("a", measured(0)), Entry("b", measured(1))])
    assert clear.count("<strong") == 1 and ">≈<" not in clear
    level = html([Entry("a", measured(0)), Entry("b", measured(0))])
    assert "<strong" not in level and level.count(">≈<") == 2


def test_a_dash_tells_its_reason_to_who_reads_presses_or_listens():
    found = Cells(html([Entry("a", measured(0)), Entry("b", reason="it has no <i>KL</i>")]))
    assert found.cells[1] == "—It has no <i>KL</i>."
    assert "no number: It has no <i>KL</i>." in found.said
    assert "i" not in found.tags and "b" not in found.tags


def test_a_row_says_what_it_means_which_way_is_better_and_how_it_was_tested():
    text = html([Entry("a", measured(0)), Entry("b", measured(1))])
    for said in ("What it is. Higher is better. Me, 1.", "Paired t-test over images", "nats per"):
        assert said in text


@pytest.mark.parametrize(
    ("value", "stderr", "said"),
    [
        (-129.866, 0.4611, "−129.87 <small>± 0.46</small>"),
        (0.4449, 0.0075, "0.4449 <small>± 0.0075</small>"),
        (1234.5, 56.0, "1234 <small>± 56</small>"),
        (13, None, "13"),
        (13, 0.0, "13"),
        (13, 0.456, "13 <small>± 0.46</small>"),
        (0.25, None, "0.250"),
    ],
)
def test_an_error_has_two_digits_and_the_number_as_many_as_its_error(value, stderr, said):
    assert table.written(value, stderr) == said


def test_quick_numbers_of_every_model_come_row_by_row(digits):
    models = ["plain", "points"]
    steps = done(measuring.quick(models, "none")).found
    assert [step.model for step in steps] == models * len(measuring.names(slow=False))
    found = {row.quantity.name: row for row in rows.rows(models, measuring.found_of_steps(steps))}
    assert found["distortion"].of == ("plain", "points")
    assert found["elbo"].of == ("plain",)
    assert "without a posterior density" in found["elbo"].cells[1].reason
    assert found["nll"].of == ()


def test_a_replaced_model_is_measured_anew(digits):
    def elbo() -> float:
        found = rows.rows(["plain"], measuring.found_of(done(measuring.quick(["plain"], "none"))))
        return next(row for row in found if row.quantity.name == "elbo").cells[0].estimate.value

    before = elbo()
    made = replace(checkpoint.read(digits / "plain.safetensors"), model=build(CONFIG, 77))
    checkpoint.write(digits / "plain.safetensors", made)
    assert elbo() != before


def test_rows_without_a_number_for_any_model_are_not_among_the_first(digits):
    found = rows.rows(["plain", "other"], {("probes", name): "why" for name in ("plain", "other")})
    assert "knn" not in {row.quantity.name for row in rows.leading(found)}
    assert "elbo" in {row.quantity.name for row in rows.leading(found)}


def test_what_has_no_meaning_is_known_before_anything_is_measured(digits):
    refused = measuring.refused(["plain", "points", "line"], "none")
    assert "without a posterior density" in refused["mutual-information", "points"]
    found = rows.rows(["plain", "points", "line"], refused)
    # nobody knows factors of these images
    assert "mig" not in {row.quantity.name for row in rows.leading(found)}


def test_a_slow_number_is_measured_by_a_job_that_both_models_show(digits):
    models = ["plain", "line"]
    few = slow.Size(slow.ImportanceSampling(20), 30)
    found = [slow.prospect(model, few, "none") for model in models]
    (standing,) = slow.standings(found, "none")
    assert standing.missing == ("plain", "line") and standing.seconds > 0
    for model in standing.missing:
        slow.jobs.here(slow.order(model, few, "none"))
    (standing,) = slow.standings(found, "none")
    assert standing.ready == ("plain", "line") and not standing.missing
    known = slow.known(found, [standing], "none")
    row = next(one for one in rows.rows(models, known) if one.quantity.name == "nll")
    assert row.of == ("plain", "line") and row.test == "paired t-test over images"
    assert known["nll", "plain"].grounds["nll"][0] == "of black or white pixels"


def test_without_the_images_the_files_tell_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setenv("VAE_CHECKPOINTS", str(write_models(tmp_path)))
    found = {row.quantity.name: row for row in rows.from_files(["flat", "flat-ae"])}
    assert found["distortion"].cells[0].estimate.value == 100.0
    assert found["elbo"].cells[0].reason == "its file does not tell this number"


@pytest.mark.parametrize(
    "told",
    [
        {pictures.KEY: {first_pictures.DRAWN: "plain,points,line"}},
        # they have had their time
        {f"{pictures.KEY}_since": ("plain,points,line", -first_pictures.PATIENCE)},
    ],
)
def test_the_table_of_the_models_of_the_address_follows_their_pictures(digits, told):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    app.query_params["models"] = "plain,points,line"
    app.query_params["model"] = "plain"
    app.run().switch_page("pages/compare.py").run()
    assert not app.exception and not app.error
    assert not has_table(app)
    for key, value in told.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception and not app.error
    assert has_table(app)


def has_table(app: AppTest) -> bool:
    return any("<table class='numbers'>" in block.proto.body for block in app.get("html"))
