"""The commands of `python -m vae`: one module each, listed here.

A command's docstring is its help; ``add_arguments(parser)`` declares its flags and ``run(args)``
does the work, returning the exit status or none for success. Modules import torch and the rest
only when they run, so that ``--help`` stays fast.
"""

from vae.commands import (
    anomaly,
    compare,
    datasets,
    encode,
    evaluate,
    export,
    interpolate,
    measure,
    prepare,
    project,
    sample,
    steer,
    sweep,
    train,
)

COMMANDS = {
    "datasets": datasets,
    "prepare": prepare,
    "train": train,
    "steer": steer,
    "sweep": sweep,
    "evaluate": evaluate,
    "measure": measure,
    "compare": compare,
    "anomaly": anomaly,
    "encode": encode,
    "sample": sample,
    "interpolate": interpolate,
    "project": project,
    "export": export,
}
