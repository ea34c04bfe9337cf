"""Forms from option classes: every kind of field has a widget, every wrong value a sentence."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import pytest

from ui import option_form
from vae.commands.train import registries
from vae.errors import UserError
from vae.options import option
from vae.training.config import TrainConfig


@dataclass(frozen=True)
class Sample:
    """One field of every kind."""

    name: ClassVar[str] = "sample"
    whole: int = option(3, "a whole number", minimum=1, maximum=9, unit="images")
    real: float = option(0.003, "a real number", above=0.0)
    maybe: float | None = option(None, "a number or none", minimum=0.0)
    on: bool = option(False, "a switch")
    one: str = option("left", "a side", choices=("left", "right"))
    perhaps: str | None = option(None, "a side or none", choices=("left", "right"))
    many: tuple[int, ...] = option((4, 2), "widths", minimum=1)
    plain: object = None


def test_every_kind_of_field_has_its_widget() -> None:
    kinds = {name: widget.kind for name, widget in option_form.widgets(Sample).items()}
    assert kinds == {
        "whole": "whole",
        "real": "number",
        "maybe": "number",
        "on": "switch",
        "one": "choice",
        "perhaps": "choice",
        "many": "text",
    }


def test_a_widget_says_meaning_unit_range_and_default() -> None:
    widget = option_form.widgets(Sample)["whole"]
    assert widget.label == "Whole (images)"
    assert widget.help == "A whole number (from 1 to 9; images; default 3)."


def test_a_choice_that_may_be_none_begins_with_none() -> None:
    assert option_form.widgets(Sample)["perhaps"].choices == (None, "left", "right")
    assert option_form.widgets(Sample)["one"].choices == ("left", "right")


@pytest.mark.parametrize(
    ("default", "step"), [(0.003, 0.001), (1.0, 1.0), (0.1, 0.1), (0.0, 0.1), (None, 0.1)]
)
def test_a_press_changes_the_first_digit(default: float | None, step: float) -> None:
    assert option_form.step_of(default) == pytest.approx(step)


def every_option_class() -> list[type]:
    """All that a form can be asked to show."""
    return [cls for registry in registries().values() for cls in registry.values()] + [TrainConfig]


@pytest.mark.parametrize("cls", every_option_class(), ids=lambda cls: cls.__name__)
def test_what_the_widgets_hold_at_first_is_the_default(cls: type) -> None:
    asked = option_form.widgets(cls)
    first = {name: widget.default for name, widget in asked.items()}
    assert option_form.build(cls, option_form.values(asked, first), "kind") == cls()


@pytest.mark.parametrize("cls", every_option_class(), ids=lambda cls: cls.__name__)
def test_no_option_is_left_out(cls: type) -> None:
    # what the data set tells is not asked for
    asked = (field for field in dataclasses.fields(cls) if not field.metadata.get("given"))
    fields = {field.name for field in asked} - {"objective"}
    assert set(option_form.widgets(cls)) == fields


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("whole", None, "whole needs a number"),
        ("whole", 10, "whole must be from 1 to 9"),
        ("real", -1.0, "real must be above 0"),
        ("maybe", -1.0, "maybe must be 0 or more"),
        ("many", "4, x", "many must be whole numbers"),
        ("many", "", "many must have 1 to 16 numbers"),
        ("many", "0", "many must be 1 or more"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_it(name: str, raw: object, words: str) -> None:
    asked = option_form.widgets(Sample)
    held = {key: widget.default for key, widget in asked.items()} | {name: raw}
    with pytest.raises(UserError, match=words) as caught:
        option_form.build(Sample, option_form.values(asked, held), "sample")
    assert "\n" not in str(caught.value)


def test_a_list_is_read_with_any_spaces() -> None:
    widget = option_form.widgets(Sample)["many"]
    assert option_form.value_of(widget, "many", " 8,4 , 2,") == (8, 4, 2)


def test_an_unknown_entry_is_shown_by_its_own_name_and_words() -> None:
    named = dataclasses.make_dataclass("NewThing", [], namespace={"name": "new-thing"})
    assert option_form.title_of(named) == "new thing"
    assert option_form.entries_help([Sample]) == "**sample**: One field of every kind."


@pytest.mark.parametrize("cls", every_option_class(), ids=lambda cls: cls.__name__)
def test_every_option_of_the_form_has_a_name_of_its_own_and_a_sentence(cls: type) -> None:
    asked = option_form.widgets(cls).values()
    assert len({widget.label for widget in asked}) == len(asked)
    for widget in asked:
        # what stands in brackets is the range
        assert len(widget.help.split(" (")[0].split()) >= 5, widget.help


def test_a_title_names_a_field_in_place_of_its_own_name() -> None:
    labels = {name: widget.label for name, widget in option_form.widgets(TrainConfig).items()}
    assert labels["rise"] == "Warm-up of the step size"
    assert labels["batch_size"] == "Batch size (images)"


def test_a_choice_that_is_made_by_itself_is_called_automatic() -> None:
    assert "default automatic" in option_form.widgets(Sample)["perhaps"].help
