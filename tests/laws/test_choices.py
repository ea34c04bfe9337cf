"""Every choice of parts either trains, saves, loads and is exported, or is refused with the reason.

The choices are products over the registries, so that a new part is tried with all there are.
"""

import base64
import json
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch

from tests.web import node
from ui import option_form
from ui.train import form
from ui.train.budget import BUDGET
from vae import checkpoint
from vae.data import DATASETS, ImageDataset, Split
from vae.errors import UserError
from vae.export.networks import decoder_payload, encoder_payload
from vae.export.payload import header_of
from vae.models.conditioning import CONDITIONINGS
from vae.models.config import VAEConfig
from vae.models.likelihoods import LIKELIHOODS
from vae.models.networks import MLP
from vae.models.posteriors import POSTERIORS, capabilities
from vae.models.priors import PRIORS
from vae.models.vae import VAE, build
from vae.runs.packaging import package
from vae.training.config import TrainConfig
from vae.training.loop import Trainer
from vae.training.objectives import OBJECTIVES, check_fit

CLASSES = ("lying", "upright")
DECODE = Path(__file__).resolve().parents[1] / "web" / "decode_all.js"
# the promise of the design: what is left of float64 sums is the float32 of the pixels
PIXEL_TOLERANCE = 1e-5
SMALL = {"units": 4, "bins": 2, "components": 3, "pseudo_inputs": 3, "layers": 1, "steps": 1}
SMALL |= {"labels": 6}


class Choice(NamedTuple):
    """The names of the parts of a model and its training."""

    posterior: str
    prior: str
    objective: str
    conditioning: str
    likelihood: str

    def __str__(self) -> str:
        return " ".join(self)


def choices() -> list[Choice]:
    """All posteriors, priors and objectives; conditionings with all priors and likelihoods."""
    shapes = [
        Choice(posterior, prior, objective, cls.conditioning.name, "bernoulli")
        for posterior, prior, (objective, cls) in product(POSTERIORS, PRIORS, OBJECTIVES.items())
    ]
    told = [
        Choice("full", prior, "elbo", conditioning, "bernoulli")
        for prior, conditioning in product(PRIORS, CONDITIONINGS)
    ]
    seen = [
        Choice("full", "standard-normal", "elbo", conditioning, likelihood)
        for conditioning, likelihood in product(CONDITIONINGS, LIKELIHOODS)
    ]
    return list(dict.fromkeys(shapes + told + seen))


def small(cls: type) -> Any:
    """Make a part with few numbers, where it has options that count them."""
    names = {field.name for field in fields(cls)}
    return cls(**{name: value for name, value in SMALL.items() if name in names})


def config_of(choice: Choice) -> VAEConfig:
    """Put the model together; `UserError` where its parts refuse one another."""
    return VAEConfig(
        image_shape=(1, 8, 8),
        z_dim=2,
        architecture=MLP(hidden=(6,)),
        likelihood=LIKELIHOODS[choice.likelihood](),
        prior=small(PRIORS[choice.prior]),
        posterior=small(POSTERIORS[choice.posterior]),
        conditioning=CONDITIONINGS[choice.conditioning]().for_classes(len(CLASSES)),
    )


def refusal(choice: Choice) -> str | None:
    """Say why a choice is refused, by the rules alone; None where it is not."""
    try:
        config = config_of(choice)
        check_fit(OBJECTIVES[choice.objective](), config)
        with torch.device("meta"):
            VAE(config)
    except UserError as error:
        return str(error)
    return None


CHOICES = choices()
ALLOWED = [choice for choice in CHOICES if refusal(choice) is None]


@pytest.fixture(scope="module")
def dataset() -> ImageDataset:
    """A few images of two classes."""
    rng = np.random.default_rng(0)

    def split(count: int) -> Split:
        images = rng.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8)
        return Split(images, np.arange(count) % len(CLASSES))

    return ImageDataset("few", "Few", split(24), split(8), split(8), CLASSES)


@pytest.fixture(scope="module")
def told() -> dict[Choice, dict[str, Any]]:
    """What was exported, to be run in node at once."""
    return {}


@pytest.mark.parametrize("choice", ALLOWED, ids=str)
def test_an_allowed_choice_trains_saves_loads_and_is_exported(choice, dataset, told, tmp_path):
    config, objective = config_of(choice), small(OBJECTIVES[choice.objective])
    training = TrainConfig(objective, epochs=1, batch_size=12)
    model = build(config)
    before = {name: value.clone() for name, value in model.named_parameters()}
    trainer = Trainer(model, dataset, training)
    trainer._advance()
    after = dict(model.named_parameters())
    assert any(not torch.equal(before[name], after[name]) for name in before)
    assert all(bool(value.isfinite().all()) for value in after.values())

    written = package("few", model, dataset, training, measured=False)
    checkpoint.write(tmp_path / "few.safetensors", written)
    opened = checkpoint.read(tmp_path / "few.safetensors")
    assert opened.model.config == config
    again = opened.model.state_dict()
    assert all(torch.equal(again[key], value) for key, value in written.model.state_dict().items())
    checkpoint.write(tmp_path / "copy.safetensors", opened)
    copy, first = (tmp_path / f"{name}.safetensors" for name in ("copy", "few"))
    assert copy.read_bytes() == first.read_bytes()

    payload = decoder_payload(opened)
    header = header_of(payload)
    assert capabilities(config.posterior).items() <= header.items()
    assert header_of(encoder_payload(opened))["readout"]["loc"] == [0, 2]
    told[choice] = decoded(opened.model, payload)


def decoded(model: VAE, payload: bytes) -> dict[str, Any]:
    """Return a decoder's payload, a latent, and what torch decodes it to in float64."""
    z = torch.tensor([[0.4, -1.1]], dtype=torch.float64)
    y = torch.ones(1, dtype=torch.int64) if model.conditioning.classes else None
    with torch.inference_mode():
        mean = model.double().decode_mean(z, y)
    return {
        "payload": base64.b64encode(payload).decode(),
        "z": z[0].tolist(),
        "label": 1,
        "mean": mean.ravel().tolist(),
    }


def test_the_browsers_decoder_agrees_with_torch_for_every_one_of_them(told, tmp_path):
    if not told:
        pytest.skip("the choices were not run before it")
    file = tmp_path / "told.json"
    file.write_text(json.dumps(list(told.values())))
    ran = node.run(DECODE, file)
    assert ran.returncode == 0, ran.stdout
    found = json.loads(ran.stdout)
    for choice, image, said in zip(told, found, told.values(), strict=True):
        np.testing.assert_allclose(
            image, said["mean"], rtol=0, atol=PIXEL_TOLERANCE, err_msg=str(choice)
        )


# to the others, which come with models of their own, the form gives no parts but theirs
CHOOSING = [name for name, cls in OBJECTIVES.items() if not cls.fits]


@pytest.mark.parametrize("objective", CHOOSING)
def test_the_form_refuses_before_the_press_what_training_refuses(objective, dataset):
    few = replace(DATASETS["digits"], image_shape=(1, 8, 8), class_names=CLASSES)
    for choice in (one for one in CHOICES if one.objective == objective):
        before, why = _asked(choice, few), refusal(choice)
        assert (before is None) == (why is None), choice
        if why is None:
            continue
        assert before == why
        assert len(why) > 20
        assert why[-1] != "."
        with pytest.raises(UserError):
            config = config_of(choice)
            Trainer(build(config), dataset, TrainConfig(OBJECTIVES[objective](), epochs=1))


def _asked(choice: Choice, source: Any) -> str | None:
    """Ask the form for a choice as it stands with its defaults; return what it says against it."""
    registries = {
        "posterior": POSTERIORS,
        "prior": PRIORS,
        "objective": OBJECTIVES,
        "conditioning": CONDITIONINGS,
        "likelihood": LIKELIHOODS,
    }
    parts: dict[str, Any] = {kind: registries[kind][getattr(choice, kind)] for kind in registries}
    parts["architecture"] = MLP
    held = {kind: _defaults(cls) for kind, cls in parts.items()}
    held["training"] = _defaults(TrainConfig, leave_out=BUDGET)
    first = parts["objective"].main
    main = {"z_dim": 2} | ({first: held["objective"].pop(first)} if first else {})
    try:
        plan = form.plan(source, parts, main, {"epochs": 1}, held)
        form.estimate_of(plan, [])
    except UserError as error:
        return str(error)
    return None


def _defaults(cls: type, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: one.default for name, one in option_form.widgets(cls, leave_out).items()}
