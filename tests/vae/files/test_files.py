"""Moving folders: never over anything that is there."""

from pathlib import Path

import pytest

from vae.files.writing import move_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something in it."""
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "file").write_text("kept")
    return tmp_path / "from"


def test_a_folder_gets_another_name_with_all_that_is_in_it(folder: Path) -> None:
    move_folder(folder, folder.with_name("to"))
    assert not folder.exists()
    assert (folder.with_name("to") / "file").read_text() == "kept"


@pytest.mark.parametrize("there", ["empty folder", "folder", "file", "link to nothing"])
def test_a_folder_is_not_moved_over_anything_that_is_there(folder: Path, there: str) -> None:
    target = folder.with_name("to")
    if there == "file":
        target.write_text("mine")
    elif there == "link to nothing":
        target.symlink_to("nowhere")
    else:
        target.mkdir()
    if there == "folder":
        (target / "mine").touch()
    with pytest.raises(FileExistsError):
        move_folder(folder, target)
    assert (folder / "file").read_text() == "kept"
    assert target.is_symlink() or target.exists()
    assert not (target / "file").exists()


def test_a_folder_that_is_gone_leaves_nothing_under_the_new_name(folder: Path) -> None:
    target = folder.with_name("to")
    with pytest.raises(FileNotFoundError):
        move_folder(folder.with_name("gone"), target)
    assert not target.exists()
