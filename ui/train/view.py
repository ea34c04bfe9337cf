"""The live view of a run as a component; it asks the server itself, so Python sends it little."""

from typing import Any

from ui.components.mount import mount
from ui.routes import runs
from ui.train import words
from vae.runs import replays
from vae.runs.watch import RunView

KEY = "train-view"
EMPTY = "Press Train: the curves, the map and the images form here while you watch."

_view = mount(
    "train_view", "train/train.js", "pad/pad.css", "train/train.css", host="pad-host train-host"
)


def train_view(run: RunView | None) -> None:
    """Show a run, or where there is none what will be seen here.

    The script runs again when the run is in another state than the one it was shown with.
    """
    _view(key=KEY, data=view_data(run), on_changed_change=lambda: None)


def view_data(run: RunView | None) -> dict[str, Any]:
    """Collect what the view is told; the same run in the same state is the same data.

    Without a run it replays the one that ships with the project.
    """
    if run is not None:
        address = runs.address(run.id)
        return {"run": run.id, "state": run.state, "address": address, "words": ""}
    shipped = replays.first()
    if shipped is None:
        return {"run": None, "state": "", "address": "", "words": EMPTY}
    what = f"a run that ships with this program, {words.images_line(shipped)}"
    return {
        "run": shipped.id,
        "state": shipped.state,
        "address": runs.replay_address(shipped.id),
        "words": "",
        "replay": f"Replay of {what}. Press Train for one of your own.",
    }
