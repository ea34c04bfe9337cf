"""`python -m vae anomaly`: what it prints, writes and keeps, and what it refuses."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.tiny_models import tiny_checkpoint
from vae import checkpoint, data
from vae.__main__ import main
from vae.files.digest import digest
from vae.measures.anomaly import SCORES, Detector, kept, roc, threshold
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS

SMALL = MLP(hidden=(8,))


def write_model(path: Path, dataset: str = "digits", seed: int = 1, **parts: object) -> Path:
    """Write an untrained model that says that it was trained on a data set."""
    made = tiny_checkpoint(path.stem, VAEConfig((1, 8, 8), 2, SMALL, **parts))
    with torch.no_grad():
        generator = torch.Generator().manual_seed(seed)
        weight = next(made.model.decoder.parameters())
        weight.copy_(torch.randn(weight.shape, generator=generator).half())
    made.dataset.update(name=dataset, class_names=list("0123456789"))
    checkpoint.write(path, made)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    write_model(made / "plain.safetensors")
    write_model(made / "gone.safetensors", dataset="my-own-pictures")
    write_model(made / "nine.safetensors", dataset="digits-without-3")
    write_model(made / "points.safetensors", posterior=POSTERIORS["point"]())
    write_model(made / "told.safetensors", conditioning=CONDITIONINGS["labels"]().for_classes(10))
    return made


@pytest.fixture(autouse=True)
def places(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "runs"))


def said(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["anomaly", *text.split()]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], text: str) -> str:
    assert main(["anomaly", *text.split()]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_the_threshold_is_set_on_validation_images_and_applied_to_the_others(capsys, folder):
    found = json.loads(said(capsys, "plain --alarm-rate 0.05 --json"))
    digits = data.load("digits")
    detector = Detector(checkpoint.read(folder / "plain.safetensors").model, digits.train.images)
    normal, test = (
        detector.score(digits.split(split).images, "unexplained")
        for split in ("validation", "test")
    )
    expected = threshold(normal, 0.05)
    one = found["scores"]["unexplained"]
    assert one["threshold"]["value"] == expected.value
    assert (one["threshold"]["low"], one["threshold"]["high"]) == (expected.low, expected.high)
    assert one["threshold"]["n_images"] == len(digits.validation)
    assert one["strange"]["value"] == (test > expected.value).mean()
    assert (found["n_images"], found["normal"]) == (len(digits.test), "digits")


def test_the_table_has_a_line_for_each_image_of_the_classes_that_were_named(capsys, tmp_path):
    out, digits = tmp_path / "scores.csv", data.load("digits")
    said(capsys, f"nine --dataset digits --classes 3 --alarm-rate 0.1 --score elbo,knn --out {out}")
    rows = list(csv.DictReader(out.read_text().splitlines()))
    expected = np.flatnonzero(digits.test.labels == 3)
    assert [int(row["row"]) for row in rows] == expected.tolist()
    assert {row["label"] for row in rows} == {"3"}
    assert list(rows[0]) == ["row", "label", "elbo", "elbo_strange", "knn", "knn_strange"]
    assert {row["knn_strange"] for row in rows} <= {"0", "1"}


def test_a_class_that_was_left_out_is_held_against_the_test_images_of_the_others(capsys, folder):
    argv = "nine --dataset digits --classes 3 --alarm-rate 0.1 --roc --json"
    one = json.loads(said(capsys, argv))["scores"]["unexplained"]
    whole, nine = data.load("digits"), data.load("digits-without-3")
    detector = Detector(checkpoint.read(folder / "nine.safetensors").model)
    foreign = whole.test.images[whole.test.labels == 3]
    scores = (detector.score(images, "unexplained") for images in (nine.test.images, foreign))
    expected = roc(*scores)
    assert one["auc"] == pytest.approx(expected.auc)
    assert (one["auc_low"], one["auc_high"]) == pytest.approx((expected.low, expected.high))
    assert one["n_normal"] == len(nine.test)


def test_a_person_is_told_the_interval_the_images_and_the_unit(capsys):
    text = said(capsys, "plain --alarm-rate 0.05")
    assert "unexplained: strange above" in text and "nats per white pixel" in text
    assert "set on 120 validation images of digits" in text
    assert "of these 359 images" in text


def test_every_score_that_has_a_meaning_is_in_the_answer_and_the_others_with_the_reason(capsys):
    quick = ",".join(name for name, cls in SCORES.items() if not cls.is_slow)
    found = json.loads(said(capsys, f"points --alarm-rate 0.05 --json --score {quick}"))
    assert found["scores"].keys() | found["refused"].keys() == set(quick.split(","))
    assert "without a posterior density" in found["refused"]["elbo"]


def test_normal_scores_are_kept_with_the_model_and_not_with_its_name(capsys, tmp_path, monkeypatch):
    path = write_model(tmp_path / "mine.safetensors")
    first = json.loads(said(capsys, f"{path} --alarm-rate 0.05 --json"))
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(path.read_bytes())
    asked: list[int] = []
    score = Detector.score

    def counted(self: Detector, images: np.ndarray, *rest: object) -> np.ndarray:
        asked.append(len(images))
        return score(self, images, *rest)

    monkeypatch.setattr(Detector, "score", counted)
    again = json.loads(said(capsys, f"{copy} --alarm-rate 0.1 --json"))
    assert asked == [again["n_images"]], "validation images were scored again"
    write_model(path, seed=2)
    other = json.loads(said(capsys, f"{path} --alarm-rate 0.05 --json"))
    assert len(asked) == 3, "an older model's scores were used"
    values = [one["scores"]["unexplained"]["threshold"]["value"] for one in (first, other)]
    assert values[0] != values[1]


def test_a_damaged_file_of_normal_scores_is_made_again(capsys, tmp_path):
    path = write_model(tmp_path / "mine.safetensors")
    first = said(capsys, f"{path} --alarm-rate 0.05 --json")
    (file,) = (tmp_path / "runs" / ".cache" / "anomaly").glob("*.npz")
    file.write_bytes(b"PK nothing")
    assert said(capsys, f"{path} --alarm-rate 0.05 --json") == first


def test_where_nothing_can_be_kept_the_answer_is_the_same(capsys, tmp_path, monkeypatch):
    first = said(capsys, "plain --alarm-rate 0.05 --json")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VAE_RUNS", str(tmp_path / "file"))
    assert said(capsys, "plain --alarm-rate 0.05 --json") == first


def test_a_model_without_its_data_set_uses_the_threshold_that_was_set_before(
    capsys, folder, tmp_path
):
    argv = "gone --dataset digits --alarm-rate 0.05"
    assert "not on this machine, and no threshold was set before" in refused(capsys, argv)
    assert "give --normal NAME" in refused(capsys, argv)
    assert "fitted on the training images" in refused(capsys, f"{argv} --score knn")
    score = SCORES["unexplained"]()
    key = kept.Key(digest(folder / "gone.safetensors"), score, "my-own-pictures")
    values = np.arange(100.0)
    kept.keep(key, kept.NormalScores(values, "", "my-own-pictures", "validation"))
    found = json.loads(said(capsys, f"{argv} --json"))
    assert found["scores"]["unexplained"]["threshold"]["value"] == threshold(values, 0.05).value


def test_another_data_set_can_be_the_normal_one(capsys):
    found = json.loads(
        said(capsys, "gone --dataset digits --normal digits --score knn --alarm-rate 0.05 --json")
    )
    assert found["normal"] == "digits"


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        ("plain --alarm-rate 0", "must be a number between 0 and 1"),
        ("plain --alarm-rate 0.001", "120 normal images are too few .* take 999 or more"),
        ("plain --score strangeness", "unknown score 'strangeness'; choose from"),
        ("points --score elbo", "without a posterior density"),
        ("told", "nobody knows of a strange image"),
        ("plain --classes eleven", "unknown class 'eleven' of digits"),
        ("plain --dataset mnist", r"the model takes images of \(1, 8, 8\)"),
        ("plain --normal mnist", "have another shape than the model takes"),
        ("plain --roc --alarm-rate 0.05", "compares these images with themselves"),
        ("nine --classes 3", "no image of digits-without-3 is of class 3"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(argv, reason, capsys):
    import re

    text = refused(capsys, argv)
    assert re.search(reason, text), text
    assert text.count("\n") == 1
