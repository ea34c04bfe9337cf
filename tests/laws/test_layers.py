"""The layers' law: imports point down only, pages only arrange, files stay readable."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 450
OURS = {"app", "pages", "ui", "vae", "benchmarks", "tests"}
# Layer -> packages and modules that it may never import.
FORBIDDEN = {
    "vae": {"streamlit", "plotly"} | OURS - {"vae"},
    "ui": {"vae.commands", "vae.__main__"} | OURS - {"ui", "vae"},
}
# Layer -> all that it may import beside the standard library: it arranges, so no torch, no numpy.
ALLOWED = {
    "pages": {"streamlit", "ui", "vae"},
    "app": {"streamlit", "ui", "vae"},
}
# Floor -> the rooms of vae that stand on it. A room is a folder or a few modules; it imports from
# lower floors only, whether at its top, in a function or for its types alone.
FLOORS: dict[int, tuple[set[str], ...]] = {
    1: ({"colours", "errors", "files", "options"},),
    2: ({"data"}, {"models"}, {"web"}),
    3: ({"training"},),
    4: ({"checkpoint", "library", "sweep"},),
    5: ({"latent"}, {"measures"}),
    6: ({"export"},),
    7: ({"jobs"},),
    8: ({"runs"},),
    9: ({"commands"}, {"learn"}),
    10: ({"__init__", "__main__"},),
}


def sources(root: Path, *layers: str) -> Iterator[Path]:
    """Yield the Python files of the layers under `root`; a layer is a folder or one file."""
    for layer in layers:
        yield from sorted((root / layer).rglob("*.py"))
        yield from root.glob(f"{layer}.py")


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_name(root: Path, path: Path) -> str:
    """Return the dotted name under which `path` is imported."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imports(root: Path, path: Path, nodes: Iterator[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of each import; `from a import b` gives "a.b"."""
    package = module_name(root, path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def arrows(root: Path) -> Iterator[str]:
    """Yield each import, at module level or in a function, that its layer may not make."""
    for layer in (*FORBIDDEN, *ALLOWED):
        for path in sources(root, layer):
            for line, name in imports(root, path, ast.walk(parse(path))):
                top = name.split(".")[0]
                outside = top not in sys.stdlib_module_names | ALLOWED.get(layer, {top})
                if outside or set(above(name)) & FORBIDDEN.get(layer, set()):
                    yield f"{path.relative_to(root)}:{line} {layer} may not import {name}"


def above(name: str) -> Iterator[str]:
    """Yield a dotted name and all that it lies in: a.b.c, a.b, a."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def floors(root: Path) -> Iterator[str]:
    """Yield each import of a room of vae that is not from a lower floor."""
    at = {name: (floor, room) for floor, rooms in FLOORS.items() for room in rooms for name in room}
    for path in sources(root, "vae"):
        own = path.relative_to(root / "vae").parts[0].removesuffix(".py")
        if own not in at:
            yield f"vae/{own} stands on no floor; give it one in FLOORS"
            continue
        for line, name in imports(root, path, ast.walk(parse(path))):
            ours, _, inside = name.partition(".")
            other = inside.split(".")[0]
            # what vae/__init__.py itself defines
            other = other if other in at else "__init__"
            if ours == "vae" and own not in at[other][1] and at[other][0] >= at[own][0]:
                yield (
                    f"{path.relative_to(root)}:{line} {own} (floor {at[own][0]}) may not import "
                    f"{name} (floor {at[other][0]})"
                )


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the module is imported: not those inside functions."""
    for node in ast.iter_child_nodes(tree):
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from at_import(node)


def import_graph(root: Path) -> dict[str, set[str]]:
    """Return module of vae -> modules of vae that importing it imports."""
    files = {module_name(root, path): path for path in sources(root, "vae")}
    graph = {}
    for module, path in files.items():
        names = {name for _, name in imports(root, path, at_import(parse(path)))}
        # "vae.model.VAE" is no module, but its home "vae.model" is.
        homes = {name if name in files else name.rpartition(".")[0] for name in names}
        graph[module] = (homes & set(files)) - {module}
    return graph


def cycles(root: Path) -> Iterator[str]:
    """Yield the modules of vae that importing themselves leads back to."""
    graph = import_graph(root)
    for start in graph:
        reached, ahead = set(), list(graph[start])
        while ahead:
            module = ahead.pop()
            if module not in reached:
                reached.add(module)
                ahead += graph[module]
        if start in reached:
            yield f"{start} is in an import cycle"


def page_contents(root: Path) -> Iterator[str]:
    """Yield each class in a page."""
    for path in sources(root, "pages"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef):
                yield f"{path.relative_to(root)}:{node.lineno} a page defines class {node.name}"


def caches(root: Path) -> Iterator[str]:
    """Yield each Streamlit cache outside ui/resources, their one place."""
    for path in sources(root, "app", "pages", "ui"):
        if root / "ui" / "resources" in path.parents:
            continue
        for node in ast.walk(parse(path)):
            name = {ast.Attribute: "attr", ast.alias: "name"}.get(type(node), "")
            if name and getattr(node, name).startswith("cache_"):
                yield f"{path.relative_to(root)}:{node.lineno} caches outside ui/resources"


def visitor_state(root: Path) -> Iterator[str]:
    """Yield each use of Streamlit's state outside ui/state.py, which hands it to typed views."""
    for path in sources(root, "app", "pages", "ui"):
        if path == root / "ui" / "state.py":
            continue
        for node in ast.walk(parse(path)):
            name = {ast.Attribute: "attr", ast.alias: "name"}.get(type(node), "")
            if name and getattr(node, name) == "session_state":
                yield f"{path.relative_to(root)}:{node.lineno} reads the state past ui/state.py"


def unsafe_html(root: Path) -> Iterator[str]:
    """Yield each call that hands text made at run time to the browser as markup."""
    for path in sources(root, "app", "pages", "ui"):
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.Call):
                continue
            unsafe = any(keyword.arg == "unsafe_allow_html" for keyword in node.keywords)
            if unsafe and not all(isinstance(text, ast.Constant) for text in node.args):
                yield f"{path.relative_to(root)}:{node.lineno} unsafe HTML that is not constant"


def script_html(root: Path) -> Iterator[str]:
    """Yield each line of our browser code that sets markup instead of text."""
    for path in sorted((root / "vae").rglob("*.js")):
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if any(name in text for name in ("innerHTML", "outerHTML", "insertAdjacentHTML")):
                yield f"{path.relative_to(root)}:{line} sets markup; use textContent"


def ignores(root: Path) -> Iterator[str]:
    """Yield each place where the type checker is silenced without its code and a reason."""
    for path in sources(root, "app", "pages", "ui", "vae"):
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if "type: ignore" in text and not re.search(r"# type: ignore\[[\w-]+\]  # \w", text):
                yield f"{path.relative_to(root)}:{line} ignores a type without saying why"


def lengths(root: Path) -> Iterator[str]:
    """Yield each file that is too long to be about one thing."""
    scripts = sorted((root / "vae").rglob("*.js"))
    for path in (*sources(root, "app", "vae", "ui", "pages"), *scripts):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            yield f"{path.relative_to(root)} has {lines} lines, over {MAX_LINES}"


LAWS = (
    arrows,
    floors,
    cycles,
    page_contents,
    caches,
    visitor_state,
    unsafe_html,
    script_html,
    ignores,
    lengths,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_tree_obeys(law: Callable[[Path], Iterator[str]]) -> None:
    assert list(law(ROOT)) == []


def test_every_layer_is_looked_at() -> None:
    assert all(any(sources(ROOT, layer)) for layer in ("app", "pages", "ui", "vae"))


LAWFUL = {
    "app.py": "import streamlit as st\nfrom ui.state import AppState\n",
    "pages/train.py": "from pathlib import Path\nimport vae\nimport streamlit as st\n",
    "ui/resources/kept.py": "import plotly\nimport streamlit as st\n@st.cache_data\ndef f(): ...\n",
    "ui/cards.py": "import streamlit as st\nst.markdown('<b>x</b>', unsafe_allow_html=True)\n",
    "vae/__init__.py": "from vae.checkpoint import read\ndef load():\n    from vae import runs\n",
    "vae/models/vae.py": "import torch\nfrom .. import errors\nfrom . import networks\n",
    "vae/models/networks.py": "def f():\n    from vae.models.vae import VAE\n",
    "vae/checkpoint.py": "from vae.models.vae import VAE\nfrom vae.library import find\n",
    "vae/library.py": "from vae.errors import UserError\n",
    "vae/errors.py": "import json\n",
    "vae/runs/folder.py": "from vae import checkpoint\n",
    "vae/web/pad/pad.js": "label.textContent = name;\n",
    "benchmarks/speed.py": "import vae, ui.plots, streamlit\n",
}
# File, what it says, the law that it breaks, what the finding must say.
UNLAWFUL = [
    ("vae/plots.py", "import plotly.graph_objects as go", arrows, "vae may not import plotly"),
    ("vae/data/idx.py", "def f():\n    from streamlit import cache_data", arrows, "idx.py:2"),
    ("vae/data/__init__.py", "from ui import plots", arrows, "vae may not import ui.plots"),
    ("ui/state.py", "from pages.train import main", arrows, "ui may not import pages"),
    ("pages/map.py", "import torch.nn", arrows, "pages may not import torch.nn"),
    ("pages/map.py", "from pages import train", arrows, "pages may not import pages.train"),
    ("app.py", "import numpy", arrows, "app may not import numpy"),
    ("ui/state.py", "from vae.commands import train", arrows, "ui may not import vae.commands"),
    ("ui/state.py", "def f():\n    import vae.commands.train", arrows, "state.py:2 ui may not"),
    (
        "vae/models/vae.py",
        "def f():\n    from vae import runs",
        floors,
        "vae.py:2 models (floor 2)",
    ),
    (
        "vae/models/vae.py",
        "from vae.data import idx",
        floors,
        "may not import vae.data.idx (floor 2)",
    ),
    (
        "vae/options.py",
        "if TYPE_CHECKING:\n    import vae.library",
        floors,
        "options (floor 1) may",
    ),
    ("vae/runs/folder.py", "from vae import load", floors, "may not import vae.load (floor 10)"),
    ("vae/strange.py", "import json", floors, "vae/strange stands on no floor"),
    ("vae/errors.py", "from vae.models import vae", cycles, "vae.models.vae is in an import cycle"),
    ("vae/errors.py", "from .models.vae import VAE", cycles, "vae.errors is in an import cycle"),
    ("vae/errors.py", "try:\n    from vae import load\nexcept E: ...", cycles, "vae.errors is in"),
    ("pages/map.py", "def f():\n    class State: ...", page_contents, "map.py:2 a page defines"),
    ("pages/map.py", "@st.cache_data\ndef f(): ...", caches, "map.py:1 caches"),
    ("ui/plots.py", "from streamlit import cache_resource as c", caches, "plots.py:1 caches"),
    ("ui/map/panel.py", "x = st.session_state['map_pick']", visitor_state, "panel.py:1 reads"),
    ("ui/cards.py", "st.markdown(f'<b>{x}</b>', unsafe_allow_html=True)", unsafe_html, "cards.py"),
    ("vae/web/pad/pad.js", "\nlabel.innerHTML = name;", script_html, "pad.js:2"),
    ("vae/models/vae.py", "x = 1  # type: ignore[assignment]", ignores, "vae.py:1 ignores a type"),
    ("vae/models/vae.py", "x = 1  # type: ignore  # as torch has it", ignores, "vae.py:1 ignores"),
    ("vae/models/vae.py", "x = 1\n" * (MAX_LINES + 1), lengths, "has 451 lines"),
]


def write_tree(root: Path, files: dict[str, str]) -> Path:
    """Write files, path -> text, under `root` and return it."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_lawful_tree_passes(law: Callable[[Path], Iterator[str]], tmp_path: Path) -> None:
    assert list(law(write_tree(tmp_path, LAWFUL))) == []


@pytest.mark.parametrize(("name", "text", "law", "finding"), UNLAWFUL)
def test_a_breach_is_found(
    name: str, text: str, law: Callable[[Path], Iterator[str]], finding: str, tmp_path: Path
) -> None:
    findings = list(law(write_tree(tmp_path, LAWFUL | {name: text})))
    assert any(finding in found for found in findings), findings
