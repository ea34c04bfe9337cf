"""How the threads of a training wait for one another; to be settled before torch is loaded.

OpenMP's threads wait by looking again and again, for as long as it takes. Beside other busy
processes the one they wait for may have no core, and the others burn theirs for nothing.
"""

import os
import sys
from collections.abc import MutableMapping

SPINS = 10_000
"""How often a waiting thread looks before it sleeps, some 30 µs: passive waiting alone lost a third
of the steps a second, and waiting as long as OpenMP likes to starves the server beside it."""
SETTINGS = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": str(SPINS)}


def settle(environ: MutableMapping[str, str] = os.environ, **more: str) -> None:
    """Set what OpenMP reads when it is loaded; what the user has set stays."""
    for name, value in {**SETTINGS, **more}.items():
        environ.setdefault(name, value)


def settle_for(command: str | None) -> None:
    """Settle it in this process for a command that trains, unless torch is there already."""
    if command == "train" and "torch" not in sys.modules:
        settle()
