"""The command line: ``python -m vae COMMAND``.

Exit status 0 for success, 2 for wrong arguments or bad input with one line on standard error,
130 after Ctrl-C.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from vae.commands import COMMANDS, opening
from vae.commands.parsing import Parser
from vae.errors import UserError
from vae.files.writing import explain
from vae.runs import patience
from vae.training import threads

BAD_INPUT, CANCELLED, BROKEN_PIPE = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    argv = sys.argv[1:] if argv is None else list(argv)
    _open_streams()
    try:
        if not patience.wait_for(next(iter(argv), None), argv):
            return CANCELLED
        args, surplus = parser(argv).parse_known_args(argv)
        if surplus:
            raise UserError(
                f"unknown arguments {' '.join(surplus)}; see python -m vae {args.command} --help"
            )
        if (given := getattr(args, "dataset", None)) and not _follows():
            # the path of own images becomes the name that they are prepared under
            args.dataset = opening.settled_dataset(given, getattr(args, "json", False))
        status = args.run(args)
        sys.stdout.flush()
    except UserError as error:
        return _fail(str(error), BAD_INPUT)
    except KeyboardInterrupt as interrupt:
        return _fail(str(interrupt) or "cancelled", CANCELLED)
    except BrokenPipeError:
        _drop_stdout()
        return BROKEN_PIPE
    except MemoryError:
        return _fail("this needs more memory than there is; ask for less at a time", BAD_INPUT)
    except OSError as error:
        if error.filename is None:
            _drop_stdout()
        what = "write standard output" if error.filename is None else f"use {error.filename}"
        return _fail(f"cannot {what}: {explain(error)}", BAD_INPUT)
    return status or 0


def parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser; only the command that ``argv`` names has its own flags declared.

    The flags of one command come from code that imports torch, which the others need not wait for.
    """
    named = next((word for word in argv if not word.startswith("-")), None)
    threads.settle_for(named, argv)
    root = Parser(
        prog="python -m vae",
        description="Train variational autoencoders and look inside them.",
        allow_abbrev=False,
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        text = (module.__doc__ or "").strip()
        command = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name == named:
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return root


def _follows() -> bool:
    """Tell whether this is one of several that torchrun started, and hears all from the first."""
    return "TORCHELASTIC_RUN_ID" in os.environ and os.environ.get("RANK") != "0"


def _open_streams() -> None:
    # a stream that the caller closed takes what is written and forgets it
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that lacks a sign shows its number instead of ending the program
            stream.reconfigure(errors="backslashreplace")


def _fail(message: str, status: int) -> int:
    print("error: " * (status == BAD_INPUT) + " ".join(message.split()), file=sys.stderr)
    return status


def _drop_stdout() -> None:
    # else the interpreter would try to flush what is left when it exits, and complain
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def leave(status: int) -> NoReturn:
    """End this process.

    One of several that torchrun started ends at once: while the interpreter is taken down, threads
    of torch that served the others may still want it, and abort the process.
    """
    if "TORCHELASTIC_RUN_ID" in os.environ:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    leave(main())
