"""The Train page: its form asks for every option, its card shows a run in every state."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.run_folders import write_run
from tests.tiny_models import tiny_checkpoint
from ui import option_form, resources
from ui.train import budget
from ui.train import parts as train_parts
from ui.train import runs as train_runs
from ui.train import words as train_words
from ui.train.state import PRESSED
from vae import checkpoint
from vae.commands.train import registries
from vae.data import DATASETS
from vae.errors import UserError
from vae.files.locks import take
from vae.files.writing import runs_folder
from vae.models.config import VAEConfig
from vae.models.networks import MLP
from vae.runs import control, orders, queue, records, room, steering, watch
from vae.training.config import TrainConfig
from vae.training.objectives import Elbo, choices_for

ROOT = Path(__file__).resolve().parents[3]
# seconds; the first page imports torch
FIRST_RUN = 60


def open_page(**parameters: str) -> AppTest:
    """Open Train under an address with these parameters."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=FIRST_RUN)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def look_at(run: str) -> AppTest:
    """Open Train with a run to look at, as a press on it in the list does."""
    app = open_page()
    app.session_state["train_shown"] = run
    app.run()
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str]:
    """The keys of all widgets that values can be given to."""
    kinds = ("selectbox", "number_input", "text_input", "toggle", "button")
    return {widget.key for kind in kinds for widget in app.get(kind)}


def words_of(app: AppTest) -> str:
    """All captions, and the words of the progress bar, in one text."""
    bars = [bar.text for bar in app.get("progress")]
    # without the escapes that keep Markdown from acting on it
    return "\n".join([caption.value for caption in app.caption] + bars).replace("\\", "")


# ---- the form --------------------------------------------------------------------------------


def test_the_form_lists_every_data_set_and_every_registry_entry() -> None:
    app = open_page()
    # an option list holds what is shown, the widget's value what it stands for
    assert len(app.selectbox(key="train.dataset").options) == len(DATASETS)
    for kind, registry in asked_for().items():
        shown = app.selectbox(key=train_parts.key_of(kind, "elbo")).options
        assert shown == [option_form.title_of(cls) for cls in registry.values()]


def asked_for() -> dict[str, dict[str, type]]:
    """What the form lists for the bound; where there is nothing to choose it asks nothing."""
    found = {kind: choices_for(Elbo, kind, every) for kind, every in registries().items()}
    return {kind: some for kind, some in found.items() if len(some) > 1 or kind == "prior"}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, found in asked_for().items() for name in found]
)
def test_an_entry_shows_every_option_it_has(kind: str, name: str) -> None:
    app = open_page()
    app.selectbox(key=train_parts.key_of(kind, "elbo")).select(name).run()
    assert not app.exception
    options = option_form.widgets(registries()[kind][name])
    assert {f"train.{kind}.{name}.{option}" for option in options} <= keys(app)


def test_the_objective_for_a_range_of_beta_asks_for_the_range() -> None:
    app = open_page()
    app.selectbox(key="train.objective").select("multi-rate").run()
    assert not app.exception
    assert app.number_input(key="train.conditioning.beta.lowest").value == 0.01
    app.number_input(key="train.conditioning.beta.highest").set_value(4.0).run()
    assert "parameters" in words_of(app)


def test_what_is_computed_at_once_is_asked_for_no_budget_and_nothing_more() -> None:
    app = open_page()
    app.selectbox(key="train.objective").select("pca").run()
    assert not app.exception and not app.error
    asked = {key for key in keys(app) if key.startswith("train.") and "." in key}
    own = {train_parts.key_of("architecture", "pca"), "train.objective", "train.dataset"}
    assert asked == own | {"train.z_dim", "train.start"}
    assert "PCA is computed at once: there is no time to set." in words_of(app)
    assert "steps" not in words_of(app)


def test_a_stack_of_machines_is_asked_for_its_widths_and_its_chain() -> None:
    app = open_page()
    app.selectbox(key="train.objective").select("dbn").run()
    assert not app.exception and not app.error
    wanted = {"architecture.belief-net.hidden", "prior.boltzmann.steps", "objective.dbn.rate"}
    assert {f"train.{key}" for key in wanted} <= keys(app)
    assert not {"train.training.learning_rate", "train.likelihood", "train.prior"} & keys(app)
    assert not app.button(key="train.start").disabled


def test_every_option_of_training_is_asked_for() -> None:
    options = set(option_form.widgets(TrainConfig)) - {"epochs"}
    assert {f"train.training.{option}" for option in options} <= keys(open_page())


def test_the_form_starts_with_the_defaults_of_the_command() -> None:
    app = open_page()
    assert app.selectbox(key="train.architecture").value == "mlp"
    assert app.selectbox(key="train.objective").value == "elbo"
    assert app.number_input(key="train.z_dim").value == 2
    assert app.number_input(key="train.training.learning_rate").value == TrainConfig().learning_rate


def test_without_mnist_the_built_in_digits_stand_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_DATA", str(tmp_path))
    app = open_page()
    assert app.selectbox(key="train.dataset").value == "digits"
    app.selectbox(key="train.dataset").select("mnist").run()
    assert "not on this machine: 12 MB are downloaded when the run starts" in words_of(app)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("train.z_dim", 0, "z\\_dim must be from 1 to 128, not 0"),
        ("train.objective.elbo.beta", -1.0, "beta must be from 0 to 10000"),
        ("train.training.batch_size", 0, "batch\\_size must be"),
        ("train.training.seconds", 0.0, "seconds must be above 0"),
    ],
)
def test_a_bad_value_gives_one_sentence_and_no_start(key: str, value: object, words: str) -> None:
    app = open_page()
    app.number_input(key=key).set_value(value).run()
    assert not app.exception
    assert len(app.error) == 1
    assert words in app.error[0].value
    assert app.button(key="train.start").disabled


def test_a_list_that_is_none_gives_one_sentence() -> None:
    app = open_page()
    app.text_input(key="train.architecture.mlp.hidden").set_value("512, wide").run()
    assert ["hidden must be whole numbers" in error.value for error in app.error] == [True]


def test_time_and_size_are_estimated_before_the_start() -> None:
    app = open_page()
    assert any("About 1 min" in caption.value for caption in app.caption)
    app.selectbox(key="train.dataset").select("digits").run()
    app.selectbox(key="train.budget").select("epochs").run()
    app.number_input(key="train.training.epochs").set_value(7).run()
    assert "35 steps" in words_of(app)
    assert "a model of about" in words_of(app)


def test_what_was_chosen_survives_a_visit_to_another_page() -> None:
    app = open_page()
    app.number_input(key="train.z_dim").set_value(7).run()
    app.switch_page("pages/explore.py").run()
    app.switch_page("pages/train.py").run()
    assert app.number_input(key="train.z_dim").value == 7


def choose_digits(app: AppTest) -> None:
    """Fill the form in for a model that trains in a second; nothing is sent yet."""
    app.selectbox(key="train.dataset").set_value("digits")
    app.run()


def test_a_change_that_comes_with_the_press_is_part_of_what_starts() -> None:
    app = open_page()
    choose_digits(app)
    app.number_input(key="train.z_dim").set_value(11)
    app.button(key="train.start").click().run()
    assert not app.exception
    (run,) = watch.runs()
    control.cancel(run.id)
    assert run.config["model"]["z_dim"] == 11
    assert app.query_params["run"] == run.id


def test_a_second_click_that_starts_one_epoch_starts_no_second_run() -> None:
    app = open_page()
    choose_digits(app)
    app.button(key="train.start-epoch").click().run()
    (run,) = watch.runs()
    assert [one["action"] for one in orders.pending(run.path)] == [orders.STEP]
    # the click comes a second time, to the page that shows the card by now
    app.session_state[PRESSED] = True
    app.run()
    control.cancel(run.id)
    app.button(key="train.new").click().run()
    assert not app.exception
    assert "train.start" in keys(app)
    assert len(watch.runs()) == 1


def test_a_run_that_was_asked_to_stop_says_so_in_every_tab_until_it_is_taken_back() -> None:
    path = write_run("run", "running")
    with take(path / "lock"):
        orders.add(path, "pause")
        other_tab = look_at("run")
        assert other_tab.button(key="train.pause").disabled
        orders.add(path, "resume")
        assert not other_tab.run().button(key="train.pause").disabled


# ---- the card --------------------------------------------------------------------------------

STATES = {
    "paused": (
        "paused; what was learnt up to step 60 is kept",
        {"resume", "step", "cancel", "new"},
    ),
    "cancelled": (
        "cancelled; what was learnt up to step 60 is kept",
        {"resume", "repeat", "new"},
    ),
    "running": ("interrupted: the trainer was stopped", {"resume", "step", "cancel", "new"}),
    "failed": ("failed", {"resume", "new"}),
    "finished": ("finished", {"again", "new"}),
}
PRIMARY = {
    "paused": "resume",
    "cancelled": "resume",
    "running": "resume",
    "failed": "resume",
    "finished": "again",
}


def primary(app: AppTest) -> list[str]:
    """The keys of the page's primary buttons."""
    return [button.key for button in app.button if button.proto.type == "primary"]


@pytest.mark.parametrize("state", STATES)
def test_a_run_without_a_trainer_is_shown_in_its_state(state: str) -> None:
    write_run("run", state, error="the disk is full" if state == "failed" else None)
    app = look_at("run")
    said, buttons = STATES[state]
    assert said in words_of(app)
    shown = {key for key in keys(app) if key.startswith("train.") and key.count(".") == 1}
    assert shown == {f"train.{button}" for button in buttons}
    assert primary(app) == [f"train.{PRIMARY[state]}"]
    assert [error.value for error in app.error] == ["the disk is full"] * (state == "failed")


def test_a_card_says_what_the_bound_was_measured_on() -> None:
    write_run("run", "paused")
    said = words_of(look_at("run"))
    assert "−ELBO 25.7 nats · validation, 120 images · 1 sample" in said
    assert "epoch 12.0 · step 60" in said


@pytest.mark.parametrize("phase", ["starting", "training", "measuring"])
def test_a_running_run_says_what_it_is_at_and_what_remains(phase: str) -> None:
    path = write_run("run", "running", phase=phase)
    with take(path / "lock"):
        app = look_at("run")
    said = words_of(app)
    assert phase in said
    assert "about 4 s left" in said
    assert {"train.pause", "train.cancel", "train.new"} <= keys(app)
    assert primary(app) == ["train.pause"]


def test_a_run_whose_disk_is_full_says_so_and_is_cancelled_without_waiting_for_room() -> None:
    path = write_run("run", "running", phase=room.PHASE)
    with take(path / "lock"):
        said = words_of(app := look_at("run"))
        assert "paused: the disk is full" in said and "left" not in said
        assert "goes on by itself" in app.warning[0].value
        app.button(key="train.pause").click().run()
        assert "Cancel does not wait" in words_of(app)
        assert app.button(key="train.pause").disabled
        app.button(key="train.cancel").click().run()
        assert app.button(key="train.cancel").disabled
    assert [one["action"] for one in orders.pending(path)] == ["pause", "cancel"]


def test_a_waiting_run_says_its_place() -> None:
    with ExitStack() as locks:
        for name in ("first", "second"):
            path = write_run(name, "queued", step=0)
            locks.enter_context(take(path / "lock"))
            queue.enter(path)
        assert "queued, 2nd in line" in words_of(look_at("second"))
        app = look_at("first")
        assert "queued, next in line" in words_of(app)
        assert primary(app) == ["train.cancel"]


def test_a_damaged_folder_says_so_and_can_be_removed() -> None:
    path = write_run("run", "finished")
    (path / "config.json").write_text('{"torn')
    app = look_at("run")
    assert "damaged" in words_of(app)
    app.button(key="train.new").click().run()
    app.button(key="train.remove.run").click().run()
    assert not path.exists()


def test_the_run_of_the_address_is_shown_and_stays_when_an_old_address_comes_late() -> None:
    for name in ("run", "other"):
        write_run(name, "finished")
    app = open_page()
    app.query_params["run"] = "run"
    app.run()
    assert "train.remove.other" in keys(app)
    app.button(key="train.look.other").click().run()
    app.query_params["run"] = "run"
    app.run()
    assert "train.remove.run" in keys(app)
    assert app.query_params["run"] == "other"


def test_an_address_of_a_run_that_is_gone_gives_one_sentence_and_the_form() -> None:
    app = open_page()
    app.query_params["run"] = "nowhere"
    app.run()
    assert len(app.warning) == 1
    assert "no run" in app.warning[0].value
    assert "train.start" in keys(app)


def test_a_run_that_is_deleted_while_it_is_shown_gives_one_sentence() -> None:
    path = write_run("run", "paused")
    app = look_at("run")
    shutil.rmtree(path)
    app.run()
    assert not app.exception
    assert len(app.warning) == 1


def test_the_active_run_is_shown_where_none_was_asked_for() -> None:
    write_run("old", "finished")
    path = write_run("new", "running")
    with take(path / "lock"):
        app = open_page()
        assert app.query_params["run"] == "new"
        assert "train.pause" in keys(app)
        # and still another can be asked for
        app.button(key="train.new").click().run()
        assert "train.start" in keys(app)
        assert "It waits for 1 other run to end" in words_of(app)


def test_a_finished_run_that_was_too_short_fills_the_form_in_for_a_longer_one() -> None:
    write_run("run", "finished")
    app = look_at("run")
    assert ["too short to tell" in info.value for info in app.info] == [True]
    assert app.button(key="train.again").label == "Set up a longer run"
    assert "fills in the form for a new run from scratch; run stays as it is" in words_of(app)
    app.button(key="train.again").click().run()
    assert not app.exception
    assert app.selectbox(key="train.dataset").value == "digits"
    assert app.text_input(key="train.architecture.mlp.hidden").value == "16"
    assert app.number_input(key="train.training.seconds").value == 240.0
    assert "Filled in as for run, but Seconds 240 instead of 60. It will be a new run" in words_of(
        app
    )


def test_a_run_that_diverged_proposes_a_smaller_step_size() -> None:
    write_run("run", "failed", error="training diverged at step 60 (the loss is nan)")
    app = look_at("run")
    assert primary(app) == ["train.again"]
    assert "train.resume" not in keys(app)
    app.button(key="train.again").click().run()
    assert app.number_input(key="train.training.learning_rate").value == 3e-4


def test_settings_that_this_program_does_not_know_are_one_sentence() -> None:
    path = write_run("run", "finished")
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps(config | {"dataset": "elsewhere"}))
    app = look_at("run")
    app.button(key="train.again").click().run()
    assert not app.exception
    assert ["images of run are none" in warning.value for warning in app.warning] == [True]


def test_a_finished_model_gets_a_name_of_ones_own() -> None:
    path = write_run("digits-2d-2", "finished")
    model = VAEConfig((1, 8, 8), 2, MLP(hidden=(16,)))
    checkpoint.write(path / "model.safetensors", tiny_checkpoint(path.name, model))
    app = look_at("digits-2d-2")
    field = app.text_input(key="train.name.digits-2d-2")
    field.set_value("my model").run()
    assert not app.exception
    assert ["cannot be a name" in error.value for error in app.error] == [True]
    app.text_input(key="train.name.digits-2d-2").set_value("my-digits").run()
    assert not app.exception
    assert app.query_params["run"] == "my-digits"
    assert "my-digits" in resources.library()
    assert "train.name.my-digits" in keys(open_page(run="my-digits"))


def test_a_removed_run_comes_back() -> None:
    path = write_run("run", "paused")
    app = open_page()
    app.button(key="train.remove.run").click().run()
    assert not path.exists()
    app.button(key="train.undo").click().run()
    assert (path / "config.json").exists()
    assert "train.remove.run" in keys(app)


def test_pressing_a_button_of_a_run_that_is_over_by_now_does_no_harm() -> None:
    path = write_run("run", "paused")
    app = look_at("run")
    status = json.loads((path / "status.json").read_text())
    (path / "status.json").write_text(json.dumps(status | {"state": "finished"}))
    app.button(key="train.resume").click().run()
    assert not app.exception
    assert len(app.warning) == 1
    assert watch.view("run").state == "finished"


def test_cancelling_a_paused_run_shows_it_cancelled() -> None:
    write_run("run", "paused")
    app = look_at("run")
    app.button(key="train.cancel").click().run()
    assert not app.exception
    assert "cancelled" in words_of(app)


def test_a_run_without_a_place_on_disk_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    runs_folder().parent.mkdir(parents=True, exist_ok=True)
    runs_folder().write_text("a file where the folder should be")
    app = open_page()
    app.selectbox(key="train.dataset").select("digits").run()
    app.button(key="train.start").click().run()
    assert not app.exception
    assert len(app.warning) == 1


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "closing", "words"),
    [
        (60.0, 3.0, "about 1 min left"),
        (30.0, 12.0, "about 30 s left, the last 12 s for measuring"),
        (8.0, 8.0, "about 8 s left"),
        (0.2, 0.2, "less than 1 s left"),
    ],
)
def test_the_time_that_is_left_includes_measuring(
    seconds: float, closing: float, words: str
) -> None:
    assert train_words.left_line(seconds, closing) == words


def test_a_run_that_was_suspended_says_so_beside_its_bar() -> None:
    words = "the process was suspended for 48 s; that time does not count"
    write_run("slept", "paused", warning=words, share=0.6, progress=0.55)
    app = look_at("slept")
    assert f"{words[0].upper()}{words[1:]}." in [warning.value for warning in app.warning]


@pytest.mark.parametrize(("position", "words"), [(1, "next"), (2, "2nd"), (3, "3rd"), (4, "4th")])
def test_places_in_line(position: int, words: str) -> None:
    assert train_words.place(position) == f"{words} in line"


def test_earlier_runs_are_listed_by_pages() -> None:
    for number in range(train_runs.PAGE + 3):
        write_run(f"run-{number:03}", "paused", step=0)
    app = open_page(run="run-000")
    rows = [button for button in app.button if button.key.startswith("train.look.")]
    more = app.button(key="train.older")
    assert (len(rows), more.label) == (train_runs.PAGE, "Show 2 more of 2 older runs")
    more.click().run()
    rows = [button for button in app.button if button.key.startswith("train.look.")]
    assert len(rows) == train_runs.PAGE + 2
    assert "train.older" not in keys(app)


def test_a_score_that_cannot_be_read_is_left_out() -> None:
    for found in (b'{"step": 1, "validation": null}', b'{"step": 1, "validation": {"elbo": "x"}}'):
        (line,) = records.lines(found)
        assert train_words.score_line(line, 5) is None


def test_an_autoencoder_has_its_reconstruction_alone() -> None:
    text = b'{"step": 1, "validation": {"elbo": null, "reconstruction": -20.0, "kl": null}}'
    (line,) = records.lines(text)
    assert train_words.score_line(line, 120).startswith("−log p(x|z) 20.0 nats")
    told = train_words.score_line(replace(line, pixel_scale=0.123), 120)
    assert told.startswith("−log p(x|z) 20.0 nats · σ of a pixel 0.123 · validation")


def test_a_score_below_zero_is_explained() -> None:
    text = b'{"step": 1, "validation": {"elbo": 30.0, "reconstruction": 35.0, "kl": 5.0}}'
    (line,) = records.lines(text)
    told = train_words.score_line(line, 120)
    assert told.startswith("−ELBO −30.0 nats") and told.endswith("lower is still better.")
    assert train_words.score_line(line, 120, explained=True).endswith("1 sample")


def test_an_unknown_budget_is_refused() -> None:
    with pytest.raises(UserError, match="say how long to train"):
        budget.values({"epochs": None})


def test_the_card_says_for_which_beta_a_model_is_trained_and_at_which_it_is_scored() -> None:
    told = VAEConfig((1, 8, 8), architecture=MLP(hidden=(4,)), conditioning="beta")
    said = "β 0.01 to 10, scores at β = 1"
    assert train_words.rates_of(told.to_json()) == [said]
    assert train_words.rates_of(VAEConfig().to_json()) == []
    assert train_words.rates_of({"z_dim": "many"}) == train_words.rates_of(None) == []


# ---- steering --------------------------------------------------------------------------------


def steered(app: AppTest, what: str) -> Any:
    """The widget by which the card of the run changes an option."""
    widgets = [*app.select_slider, *app.number_input]
    (found,) = (w for w in widgets if str(w.key).startswith(f"train.steer.run.{what}."))
    return found


def test_a_run_is_steered_from_its_card_and_shows_what_was_asked_for() -> None:
    path = write_run("run", "paused")
    app = look_at("run")
    assert steered(app, "beta").value == 1.0
    steered(app, "beta").set_value(5.0).run()
    assert not app.exception and not app.error
    (asked,) = orders.changes(path)
    assert (asked["action"], asked["value"]) == ("beta", 5.0)
    assert steered(app, "beta").value == 5.0
    assert steered(app, "learning_rate").value == 3e-3


def test_a_card_follows_what_was_changed_elsewhere() -> None:
    write_run("run", "paused")
    app = look_at("run")
    steering.steer("run", "beta", 2.0)
    assert steered(app.run(), "beta").value == 2.0


def test_a_budget_that_is_over_already_is_refused_beside_its_field() -> None:
    path = write_run("run", "paused")
    app = look_at("run")
    steered(app, "seconds").set_value(5.0).run()
    assert ["trained for 6.0 seconds already" in error.value for error in app.error] == [True]
    assert steered(app, "seconds").value == 60.0
    assert orders.changes(path) == []


def test_a_finished_run_offers_to_train_longer_only_where_its_state_is_there() -> None:
    path = write_run("run", "finished")
    assert "train.longer" not in keys(look_at("run"))
    (path / "state.safetensors").touch()
    app = look_at("run")
    assert "train.longer" in keys(app)
    assert app.number_input(key="train.longer.run.seconds").value == 60.0


def test_a_run_is_repeated_with_its_own_settings_in_the_form() -> None:
    write_run("run", "cancelled")
    app = look_at("run")
    app.button(key="train.repeat").click().run()
    assert not app.exception
    assert app.text_input(key="train.architecture.mlp.hidden").value == "16"
    assert "Filled in as for run. It will be a new run from scratch." in words_of(app)


def test_a_new_run_may_start_from_a_model_of_the_same_networks() -> None:
    app = open_page()
    app.selectbox(key="train.dataset").select("mnist").run()
    found = app.selectbox(key="train.start_from").options
    assert found[0] == "random weights" and "mnist-2d" in found
    app.number_input(key="train.z_dim").set_value(3).run()
    assert not app.exception
    assert "train.start_from" not in keys(app)
