"""The browser's classifier says what the server's own says."""

import base64

import numpy as np
import pytest
import torch

from tests.web import node
from vae.export.classifiers import classifier_payload
from vae.measures.classifier import Classifier
from vae.measures.classifier.trained import network_for

CLASSES = 5
SAY = """({ parseClassifier }, { payload, images }) => {
  const { opinions } = parseClassifier(Uint8Array.from(Buffer.from(payload, "base64")).buffer);
  return opinions(images);
}"""


# of the larger one the pixels are averaged first
@pytest.mark.parametrize("shape", [(1, 9, 7), (3, 40, 36)])
def test_the_browser_sees_in_an_image_what_the_server_sees(shape: tuple[int, int, int]) -> None:
    network = network_for(shape, CLASSES).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2)
    classifier = Classifier(network.requires_grad_(False), 1.7, 0.9, 100)
    images = np.random.default_rng(0).integers(0, 256, (20, *shape)).astype(np.uint8)
    payload = base64.b64encode(classifier_payload(classifier, shape)).decode()
    said = {"payload": payload, "images": (images.reshape(20, -1) / 255).tolist()}
    found = node.evaluate(SAY, said, "batch/classifier.js")
    expected = classifier.probabilities(images)
    order = np.argsort(-expected, axis=1)
    assert [one["label"] for one in found] == order[:, 0].tolist()
    assert [one["other"] for one in found] == order[:, 1].tolist()
    # both compute in float32
    confidence = [[one["confidence"], one["otherConfidence"]] for one in found]
    np.testing.assert_allclose(confidence, -np.sort(-expected, axis=1)[:, :2], atol=1e-5)
