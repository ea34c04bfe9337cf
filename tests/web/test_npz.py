"""Arrays that the browser writes are the arrays that NumPy opens."""

import base64
import io

import numpy as np

from tests.web import node

WRITE = """async ({ npz }, { pixels, z, labels, about }) => {
  const blob = npz({
    images: { values: Uint8Array.from(pixels), shape: [2, 1, 2, 3] },
    z: { values: Float32Array.from(z), shape: [2, 2] },
    exact: { values: Float64Array.from(z), shape: [4] },
    label: { values: BigInt64Array.from(labels.map(BigInt)), shape: [2] },
    about,
  });
  return Buffer.from(await blob.arrayBuffer()).toString("base64");
}"""
CSV = """({ csvOf }, cells) => csvOf(cells)"""


def test_numpy_opens_what_the_browser_writes() -> None:
    said = {
        "pixels": list(range(0, 240, 20)),
        "z": [0.1, -2.5, 3e-9, 7.0],
        "labels": [3, -1],
        "about": "σ times two: “draws”",
    }
    text = node.evaluate(WRITE, said, "pictures/npz.js")
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    assert arrays["images"].dtype == np.uint8
    assert arrays["images"].shape == (2, 1, 2, 3)
    assert arrays["images"].ravel().tolist() == said["pixels"]
    assert arrays["z"].tolist() == np.array(said["z"], np.float32).reshape(2, 2).tolist()
    assert arrays["exact"].tolist() == said["z"]
    assert arrays["label"].tolist() == said["labels"]
    assert arrays["label"].dtype == np.int64
    assert str(arrays["about"]) == said["about"]


def test_the_z_of_pictures_are_a_line_each_with_the_class_where_one_was_told() -> None:
    z = [[0.1, 1 / 3], [-2, 1e-7]]
    plain = node.evaluate(CSV, [{"z": one, "label": None} for one in z], "generate/save.js")
    head, *lines = plain.split("\r\n")[:-1]
    assert head == "picture,z1,z2"
    assert [[float(part) for part in line.split(",")] for line in lines] == [[1, *z[0]], [2, *z[1]]]
    told = node.evaluate(CSV, [{"z": z[0], "label": 4}], "generate/save.js")
    assert told.split("\r\n")[:2] == ["picture,class,z1,z2", f"1,4,{z[0][0]},{z[0][1]}"]
