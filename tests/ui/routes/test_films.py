"""Films by address: exact files for what is right, one sentence for what is not."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image

from tests.asking import Answer, ask
from tests.tiny_models import tiny_checkpoint, write_models
from ui import resources
from ui.routes import films as film_routes
from ui.routes import payloads
from vae.checkpoint import write as write_checkpoint
from vae.export import film
from vae.models.conditioning import Labels
from vae.models.config import VAEConfig
from vae.models.networks import MLP

GOOD = "a=1.5,1&b=-1.5,0.5"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny models that the app finds."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("VAE_CHECKPOINTS", str(folder))
    return write_models(folder)


def get(path: str, query: str = "") -> Answer:
    """Ask the film's route."""
    return ask(film_routes.routes(), path, query)


@pytest.mark.parametrize("method", film.methods())
@pytest.mark.parametrize("kind", ["gif", "png"])
def test_a_film_is_a_file_to_save(models: Path, kind: str, method: str) -> None:
    answer = get(f"/film/flat/{method}.{kind}", GOOD + "&steps=4&overshoot=0.1&zoom=2")
    assert answer.status == 200
    assert answer.headers["content-type"] == f"image/{kind}"
    assert answer.headers["content-disposition"] == f'attachment; filename="flat-{method}.{kind}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    ends = np.array([1.5, 1.0]), np.array([-1.5, 0.5])
    make = film.film_gif if kind == "gif" else film.strip_png
    way = film.Way(resources.checkpoint("flat"), *ends, method, overshoot=0.1)
    assert answer.body == make(way, steps=4, zoom=2)


def test_the_film_of_a_conditional_model_needs_the_classes_of_both_ends(models: Path) -> None:
    config = VAEConfig(z_dim=2, architecture=MLP(hidden=(8,)), conditioning=Labels(3))
    write_checkpoint(models / "told.safetensors", tiny_checkpoint("told", config))
    answer = get("/film/told/lerp.png", GOOD + "&steps=4&zoom=1&a_class=2&b_class=0")
    ends = np.array([1.5, 1.0]), np.array([-1.5, 0.5])
    opened = resources.checkpoint("told")
    way = film.Way(opened, *ends, "lerp", classes=(2, 0))
    assert answer.body == film.strip_png(way, 4, 1)
    assert answer.body != film.strip_png(replace(way, classes=(2, 2)), 4, 1)
    for query in ("", "&a_class=2", "&a_class=2&b_class=3"):
        refused = get("/film/told/lerp.png", GOOD + query)
        assert refused.status == 400
        assert b"must be a whole number from 0 to 2" in refused.body


def test_a_film_for_a_page_is_shown_and_not_saved(models: Path) -> None:
    answer = get("/film/flat/lerp.png", GOOD + "&inline=1")
    assert answer.headers["content-disposition"] == 'inline; filename="flat-lerp.png"'


def test_every_parameter_reaches_the_film(models: Path) -> None:
    query = "a=0.1,-2e-7&b=100000,0&steps=3&overshoot=0.5&zoom=1&milliseconds=100&inline=1"
    ends, checkpoint = np.array([[0.1, -2e-7], [1e5, 0]]), resources.checkpoint("flat")
    expected = film.film_gif(film.Way(checkpoint, *ends, "slerp", 0.5), 3, 1, 100)
    assert get("/film/flat/slerp.gif", query).body == expected


def test_the_time_of_a_frame_can_be_chosen(models: Path) -> None:
    answer = get("/film/flat/lerp.gif", GOOD + "&steps=3&milliseconds=120")
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert picture.info["duration"] == 120


@pytest.mark.parametrize(
    "path",
    [
        "/film/nowhere/slerp.gif",
        "/film/flat/__class__.gif",
        "/film/flat/helix.png",
        "/film/flat/slerp.exe",
        "/film/flat/slerp.__class__",
        "/film/flat/slerp",
        "/film/flat/.gif",
        "/film/..%2F..%2Fetc%2Fpasswd/slerp.gif",
        "/film/flat%00/slerp.gif",
        "/film/" + quote("<script>") + "/slerp.gif",
        "/film/../flat/slerp.gif",
        "/film/flat/../../slerp.gif",
        "/film/" + "n" * 100_000 + "/slerp.gif",
    ],
)
def test_an_address_of_no_film_is_not_found(models: Path, path: str) -> None:
    assert get(path, GOOD).status == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "a: "),
        ("a=1,2", "b: "),
        ("a=1&b=1,2", "a: "),
        ("a=1,2,3&b=1,2", "2 finite numbers"),
        ("a=nan,0&b=1,2", "finite"),
        ("a=0,0&b=inf,0", "finite"),
        ("a=0,1e400&b=0,0", "finite"),
        ("a=0,1e9&b=0,0", "finite"),
        ("a=__class__&b=0,0", "not numbers"),
        ("a=%00,1&b=0,0", "not numbers"),
        (GOOD + "&steps=1", "steps must be a whole number from 2 to 200"),
        (GOOD + "&steps=201", "from 2 to 200"),
        (GOOD + "&steps=1e9", "from 2 to 200"),
        (GOOD + "&steps=-5", "from 2 to 200"),
        (GOOD + "&steps=" + "9" * 10_000, "from 2 to 200"),
        (GOOD + "&steps=%C2%B2", "from 2 to 200"),
        (GOOD + "&steps=", "from 2 to 200"),
        (GOOD + "&zoom=0", "zoom must be a whole number from 1 to 16"),
        (GOOD + "&zoom=17", "from 1 to 16"),
        (GOOD + "&zoom=2.5", "from 1 to 16"),
        (GOOD + "&overshoot=-0.1", "overshoot must be a number from 0 to 0.5"),
        (GOOD + "&overshoot=0.6", "from 0 to 0.5"),
        (GOOD + "&overshoot=nan", "from 0 to 0.5"),
        (GOOD + "&overshoot=1e-", "from 0 to 0.5"),
        (GOOD + "&milliseconds=25", "steps of 10"),
        (GOOD + "&milliseconds=5", "from 20 to 1000"),
        (GOOD + "&steps=200&zoom=16", "million pixels"),
        (GOOD + "&x=" + "y" * 10_000_000, "the address is too long"),
        ("a=" + "1," * 5_000_000 + "&b=0,0", "the address is too long"),
    ],
)
def test_a_bad_parameter_is_refused_in_one_sentence(models: Path, query: str, words: str) -> None:
    answer = get("/film/flat/slerp.gif", query)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    text = answer.body.decode()
    assert words in text
    assert len(text) < 300
    assert "\n" not in text


def test_a_broken_model_is_not_found_with_its_reason(models: Path) -> None:
    (models / "broken.safetensors").write_bytes(b"not a model at all")
    answer = get("/film/broken/slerp.gif", GOOD)
    assert answer.status == 404
    assert "broken.safetensors" in answer.body.decode()


def test_only_asking_is_answered(models: Path) -> None:
    route = film_routes.routes()[0]
    assert route.methods == {"GET", "HEAD"}


def test_the_app_serves_films() -> None:
    import app

    paths = {route.path for route in app.routes}
    assert film_routes.FILM_PATH in paths


def test_a_busy_server_says_so(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_routes, "WAIT_SECONDS", 0)
    with film_routes._one_at_a_time:
        answer = get("/film/flat/slerp.gif", GOOD)
    assert answer.status == 503
    assert "try again" in answer.body.decode()
    assert int(answer.headers["retry-after"]) > 0
    assert get("/film/flat/slerp.gif", GOOD).status == 200


def test_films_that_wait_leave_a_thread_to_other_routes(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_routes, "WAIT_SECONDS", 120)
    many = 45
    decoder = payloads.address("flat", "decoder")
    with ThreadPoolExecutor(film_routes.WAITING + 1) as threads:
        with film_routes._one_at_a_time:
            films = [threads.submit(get, "/film/flat/lerp.png", GOOD) for _ in range(many)]
            # its turn comes when every film has a thread, or has had one
            assert threads.submit(ask, payloads.routes(), decoder).result(60).status == 200
            refused = [film.result() for film in films if film.done()]
        statuses = [film.result().status for film in films]
    assert [answer.status for answer in refused] == [503] * (many - film_routes.WAITING)
    assert all("retry-after" in answer.headers for answer in refused)
    assert statuses.count(200) == film_routes.WAITING
