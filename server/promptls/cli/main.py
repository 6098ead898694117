"""Where the script `promptls` begins: finds the command, and turns every way to fail into a code.

Nothing heavy is imported here: an editor that starts `promptls server` waits for these imports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

USAGE_ERROR = 2
INTERRUPTED = 130
"""What shells give for a command that ctrl-C ended: 128 and the number of the signal."""
BROKEN_PIPE = 141
"""What shells give for a command whose reader went away (SIGPIPE)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name; gives the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments and arguments[0] == "server":
            # While the server starts, collecting garbage would only cost time.
            from promptls.lsp.protocol import collector

            collector.pause()
            from promptls.cli.server import serve

            return serve(arguments[1:])
        from promptls.cli.application import run

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        forget_output()
        return BROKEN_PIPE


def forget_output() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
