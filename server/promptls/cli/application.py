"""The commands of the script, and what becomes of errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from promptls import __version__
from promptls.cli.escaping import escape
from promptls.cli.main import USAGE_ERROR, forget_output

_COMMANDS = ("server", "count", "check", "tree", "render", "models", "cache")


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name == "server":
            return _server
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"promptls.cli.{cmd_name}").command
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: promptls count CLAUDE.md prompts/",
)
@click.version_option(__version__, prog_name="promptls", message="%(prog)s %(version)s")
def commands() -> None:
    """Count the tokens of prompt documents exactly, and check their budgets.

    Prompt documents are Markdown, .prompt, .prompty and .mdc files, CLAUDE.md, AGENTS.md,
    SKILL.md and their like. Settings come from promptls.toml or [tool.promptls].
    """


@click.command(
    "server",
    short_help="Speak the Language Server Protocol; editors start this.",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def _server(arguments: tuple[str, ...]) -> int:
    """Hand over to the command that does without click."""
    from promptls.cli.server import serve

    return serve(arguments)


def run(arguments: Sequence[str]) -> int:
    """Run a command; gives its exit code. Errors of the user's are told, not raised."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a pipe that cannot show a character gets it escaped.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not `commands.main`, which makes an exit code of its own out of a broken pipe.
        with commands.make_context("promptls", list(arguments)) as context:
            code = commands.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()  # what a buffer hides is an error too
    except click.exceptions.Exit as end:  # help and the version have been shown
        return end.exit_code
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            click.echo(error.ctx.get_usage(), err=True)
        complain(error.format_message())
        return error.exit_code
    except BrokenPipeError:
        raise
    except OSError as error:  # the disk is full, a file descriptor is closed
        complain(error.strerror or type(error).__name__)
        _leave_unwritable()
        return USAGE_ERROR
    return code if isinstance(code, int) else 0


def _leave_unwritable() -> None:
    """See to it that Python does not try again at its end to write what cannot be written."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        forget_output()


def complain(message: str) -> None:
    """Tell on standard error what went wrong, on one line: names may hold line breaks."""
    click.echo(f"promptls: {escape(message)}", err=True)
