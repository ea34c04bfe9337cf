"""What the Anomaly page fetches: scores, pictures and nats of the images that were asked for."""

import json

import numpy as np
import pytest

from tests.asking import ask
from tests.ui.anomaly.test_view import finished
from ui.anomaly import foreign, known, scoring
from ui.anomaly.foreign import Foreign
from ui.routes import anomaly

MODEL = "digits-2d"


@pytest.fixture(scope="module")
def against() -> Foreign:
    """Sevens, against which a shipped model is scored."""
    finished(MODEL, "class-7")
    return foreign.find(MODEL, "class-7")


def body(address: str) -> bytes:
    answer = ask(anomaly.routes(), address)
    assert answer.status == 200, answer.body
    return answer.body


def test_an_address_of_scores_has_those_of_all_three_sets(against: Foreign) -> None:
    block = known.blocks(MODEL, against, "elbo")[-1]
    sent = np.frombuffer(body(anomaly.scores_address(MODEL, against, "elbo", block.digest)), "<f8")
    images = scoring.ready(MODEL, against).material
    assert len(sent) == len(images.held) + images.shown
    assert (sent == block.values).all()


def test_pictures_come_in_the_order_in_which_they_were_asked_for(against: Foreign) -> None:
    images = scoring.ready(MODEL, against).material
    places = [images.shown - 1, 0, 5]
    address = anomaly.images_address(MODEL, against, "pictures")
    sent = np.frombuffer(body(f"{address}?images={','.join(map(str, places))}"), np.uint8)
    assert (sent.reshape(3, 1, 8, 8) == np.stack([images.image(one) for one in places])).all()


def test_nats_add_up_to_what_the_decoder_misses_at_the_mean(against: Foreign) -> None:
    sent = np.frombuffer(
        body(anomaly.images_address(MODEL, against, "nats") + "?images=0,1"), "<f4"
    )
    ready = scoring.ready(MODEL, against)
    codes = body(anomaly.images_address(MODEL, against, "codes") + "?images=0,1")
    z = np.frombuffer(codes, "<f4").reshape(2, 2)
    import torch

    x = torch.from_numpy(np.stack([ready.material.image(k) for k in (0, 1)])).float() / 255
    missed = -ready.detector.model.log_px(x, torch.from_numpy(z.copy())).detach().numpy()
    assert sent.reshape(2, -1).sum(1) == pytest.approx(missed, rel=1e-4)


def test_rows_and_labels_are_told_of_every_image(against: Foreign) -> None:
    told = json.loads(body(anomaly.images_address(MODEL, against, "about")))
    images = scoring.ready(MODEL, against).material
    assert told["held"] == len(images.held)
    assert len(told["rows"]) == len(told["labels"]) == len(images.normal)
    assert set(told["foreignLabels"]) == {7}


@pytest.mark.parametrize(
    "query",
    ["", "?images=", "?images=x", "?images=-1", "?images=99999", "?images=" + ",".join("1" * 201)],
)
def test_what_names_no_images_is_refused_in_a_sentence(query: str, against: Foreign) -> None:
    answer = ask(anomaly.routes(), anomaly.images_address(MODEL, against, "pictures") + query)
    assert answer.status == 404 and b"images must be" in answer.body


def test_an_address_that_no_page_gave_out_leads_nowhere(against: Foreign) -> None:
    for address in (
        f"/anomaly/{MODEL}/class-7/pictures/0000",
        f"/anomaly/{MODEL}/class-99/pictures/0000",
        f"/anomaly/{MODEL}/class-7/secrets/0000",
        f"/anomaly/{MODEL}/class-7/scores/elbo/0000",
        f"/anomaly/{MODEL}/class-7/scores/nothing/0000",
        "/anomaly/no-such/class-7/pictures/0000",
    ):
        assert ask(anomaly.routes(), address).status == 404, address
