"""`promptls server`: the language server, on standard input and output or on a socket.

Read with argparse, and only where there is something to read: this command starts with every
editor, and click would take longer to import.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LOG_LEVELS = ("debug", "info", "warning", "error")


class ServerOptions(NamedTuple):
    """How the server is to run."""

    tcp: tuple[str, int] | None = None
    """None: standard input and output."""
    allow_remote: bool = False
    log_file: Path | None = None
    """None: standard error."""
    log_level: str = "warning"


def serve(arguments: Sequence[str]) -> int:
    """Run the server until its client leaves; gives the exit code, 2 for wrong arguments."""
    try:
        options = parse(arguments) if arguments else ServerOptions()
    except SystemExit as end:  # argparse has said why, or has shown its help
        return end.code if isinstance(end.code, int) else 2
    from promptls.lsp.main import run

    return run(
        tcp=options.tcp,
        allow_remote=options.allow_remote,
        log_file=options.log_file,
        log_level=options.log_level,
    )


def parse(arguments: Sequence[str]) -> ServerOptions:
    """Read the arguments. Raises SystemExit after help (0) and for wrong ones (2)."""
    import argparse

    parser = argparse.ArgumentParser(
        "promptls server",
        description="Speak the Language Server Protocol. Editors start this command; "
        "it counts the tokens of prompt documents while they are edited.",
        epilog="Example: promptls server --log-file /tmp/promptls.log --log-level debug",
        allow_abbrev=False,
    )
    channel = parser.add_mutually_exclusive_group()
    channel.add_argument(
        "--stdio",
        action="store_true",
        help="serve on standard input and output: the default, spelled out by some editors",
    )
    channel.add_argument(
        "--tcp", metavar="HOST:PORT", help="serve one client on a socket instead; port 0: any"
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="let HOST be an address that other machines can reach",
    )
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="default: standard error")
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="warning")
    given = parser.parse_args(_as_text(arguments))
    address = None
    if given.tcp is not None:
        address = parse_address(given.tcp)
        if address is None:
            parser.error(f"argument --tcp: not HOST:PORT: {given.tcp!r}")
    elif given.allow_remote:
        parser.error("argument --allow-remote: needs --tcp")
    if given.log_file is not None:
        try:
            given.log_file.open("a", encoding="utf-8").close()
        except (OSError, ValueError) as error:
            parser.error(f"argument --log-file: {given.log_file}: {error}")
    return ServerOptions(address, given.allow_remote, given.log_file, given.log_level)


def parse_address(text: str) -> tuple[str, int] | None:
    """Read `HOST:PORT`, with an IPv6 address in brackets; None for anything else."""
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if bracketed else host
    if not colon or not host or (":" in host and not bracketed):
        return None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        return None
    return host, int(port)


def _as_text(arguments: Sequence[str]) -> list[str]:
    # argparse repeats wrong arguments as they are; what cannot be encoded would end in a traceback.
    if sys.stderr is not None and hasattr(sys.stderr, "reconfigure"):
        sys.stderr.reconfigure(errors="backslashreplace")
    return list(arguments)
