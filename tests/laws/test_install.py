"""What `pip install .` puts on a machine: the package, its pages, its models, its pins."""

import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from ui import start
from vae.files import writing as files

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Where a file of the checkout lies once it is installed; all else is not carried.
HOMES = {
    "vae/": "vae/",
    "ui/": "ui/",
    "checkpoints/": "vae/shipped/",
    "pages/": "ui/app/pages/",
    "app.py": "ui/app/app.py",
    ".streamlit/config.toml": "ui/app/.streamlit/config.toml",
}


def names(place: Path) -> list[str]:
    """List the files of a folder, relative to it; for a file alone the empty name."""
    paths = [path.relative_to(place) for path in place.rglob("*") if path.is_file()]
    own = [path.as_posix() for path in paths if "__pycache__" not in path.parts]
    return [""] if place.is_file() else own


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip would, but in this environment: nothing is downloaded."""
    target = tmp_path_factory.mktemp("wheel")
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(target))))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


def test_a_wheel_carries_every_file_of_the_app_and_none_beside(wheel: Path) -> None:
    expected = {home + name for place, home in HOMES.items() for name in names(ROOT / place)}
    with ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == expected


def test_a_wheel_asks_for_the_pins_of_requirements_txt(metadata: Message) -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert sorted(metadata.get_all("Requires-Dist", [])) == sorted(pins)


def test_the_tools_that_build_a_wheel_are_those_that_the_tests_use() -> None:
    pins = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    assert set(SETTINGS["build-system"]["requires"]) <= set(pins)


def test_a_checkout_is_started_and_read_where_it_lies() -> None:
    assert start.script() == ROOT / "app.py"
    assert files.SHIPPED == ROOT / "checkpoints"
