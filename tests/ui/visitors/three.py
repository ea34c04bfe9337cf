"""Three visitors of a shared server, each with a cookie, and what the first of them has made."""

from dataclasses import replace
from typing import NamedTuple

from starlette.middleware import Middleware
from starlette.routing import Route

from tests.asking import Answer, ask
from tests.run_folders import write_run
from tests.sweep_folders import write_sweep
from tests.tiny_models import tiny_checkpoint
from tests.ui.train.test_own import prepare
from ui import gate, visitor
from vae import checkpoint, data
from vae.data.own import drawn
from vae.files import owner
from vae.files.owner import Asker
from vae.models.config import VAEConfig
from vae.models.networks import MLP

TOKENS = {name: name.ljust(43, "_") for name in ("anna", "ben", "cem")}
RUN, BLIND, SET, SWEEP = "anna-run", "anna-blind", "anna-set", "anna-sweep"
"""A finished run on digits, one on images that are not here, prepared images, and a sweep."""
DRAWN, DRAWING = "anna-stars", bytes([0] * 400 + [200] * 100 + [0] * 284)
"""A set that is drawn, and pixels of a drawing."""
GONE = "gone"
"""Stands for a name that nobody ever gave."""


def asker(name: str | None) -> Asker:
    """Return what somebody is to the code below; None for one without a cookie."""
    return Asker(None if name is None else owner.hashed(TOKENS[name]))


class Made(NamedTuple):
    """What of the set that Anna draws has no name of its own."""

    group: str
    """Key of its class."""
    key: str
    """Key of its drawing."""


def make() -> Made:
    """Make a run, a prepared set, a drawn one and a sweep as Anna."""
    sha256 = data.load("digits").test.sha256()
    opened = tiny_checkpoint(RUN, VAEConfig((1, 8, 8), 2, MLP(hidden=(4,))))
    told = {"name": "digits", "split": "test", "class_names": [], "sha256": sha256}
    run, blind = write_run(RUN, "finished"), write_run(BLIND, "paused")
    checkpoint.write(run / "model.safetensors", replace(opened, dataset=told))
    checkpoint.write(blind / "model.safetensors", opened)
    sweep = write_sweep({"seed": (0, 1)}, {0: opened}, {1: "paused"}, SWEEP)
    members = [sweep.folder_of(member) for member in sweep.members]
    with owner.acting_as(asker("anna")):
        for folder in (run, blind, sweep.path, *members):
            owner.claim(folder)
        prepare(SET)
        group = drawn.add_class(drawn.begin(DRAWN), "star")
        key = drawn.keep(DRAWN, group, "token0000", DRAWING)
    return Made(group, key)


def get(
    routes: list[Route],
    address: str,
    name: str | None,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Ask for an address with somebody's cookie, through all that stands before our routes."""
    cookie = {} if name is None else {"cookie": f"{visitor.COOKIE}={TOKENS[name]}"}
    return ask(routes, address, headers=cookie | (headers or {}), middleware=before(), body=body)


def before() -> list[Middleware]:
    """Return what stands before our routes."""
    return gate.middleware()
