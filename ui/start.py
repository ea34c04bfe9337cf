"""Start the app after an installation: ``latent-space-explorer``, or ``python -m ui.start``.

What follows goes to ``streamlit run``: ``latent-space-explorer --server.port 8080``.
"""

import sys
from pathlib import Path

from streamlit.web import cli

HERE = Path(__file__).resolve().parent


def script() -> Path:
    """Return the app's script: inside the installed package, beside it in a checkout."""
    installed = HERE / "app" / "app.py"
    return installed if installed.is_file() else HERE.parent / "app.py"


def main() -> None:
    """Hand the app's script to Streamlit, which reads the settings that lie beside it."""
    cli.main(["run", str(script()), *sys.argv[1:]], prog_name="latent-space-explorer")


if __name__ == "__main__":
    main()
