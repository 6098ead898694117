"""The script as a whole: commands, help, wrong use, and what ends it from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.scripting import Run, write, write_user_settings
from tests.oracles.web_server import Reply, web_server

from promptls import __version__
from promptls.cli.escaping import escape, escape_lines
from promptls.cli.server import ServerOptions, parse, parse_address

SCRIPT = (sys.executable, "-m", "promptls")


@pytest.mark.parametrize(
    "command",
    [(), ("count",), ("check",), ("tree",), ("render",), ("models",), ("cache",), ("server",)],
)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_an_example(run: Run, command: tuple[str, ...], option: str) -> None:
    result = run(*command, option)
    assert (result.code, result.err) == (0, "")
    assert f"Example: promptls {' '.join(command)}" in result.out


def test_version(run: Run) -> None:
    assert run("--version").out == f"promptls {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("count",),
        ("check", "--fail-on", "doom", "a.md"),
        ("check", "--format", "xml", "a.md"),
        ("count", "--encoding", "klingon", "a.md"),
        ("count", "--engine", "steam", "a.md"),
        ("count", "--root", "nowhere", "a.md"),
        ("count", "--\x1b[31m", "a.md"),
        ("server", "--tcp", "nonsense"),
        ("server", "--allow-remote"),
        ("server", "--stdio", "--tcp", "localhost:0"),
        ("server", "--log-level", "loud"),
        ("server", "--log-file", "no/such/folder/log"),
        ("server", "extra"),
    ],
)
def test_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err
    assert "Traceback" not in result.err and "\x1b" not in result.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("localhost:80", ("localhost", 80)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:65535", ("::1", 65535)),
        ("::1:80", None),
        ("localhost:65536", None),
        ("localhost:-1", None),
        ("localhost:²", None),
        ("localhost:", None),
        (":80", None),
        ("80", None),
    ],
)
def test_addresses(text: str, expected: tuple[str, int] | None) -> None:
    assert parse_address(text) == expected


def test_server_options(tmp_path: Path) -> None:
    log = tmp_path / "log"
    arguments = ["--tcp", "[::]:7", "--allow-remote", "--log-level", "debug", "--log-file"]
    assert parse([*arguments, str(log)]) == ServerOptions(("::", 7), True, log, "debug")
    assert parse(["--stdio"]) == ServerOptions()


@pytest.mark.parametrize(
    ("text", "expected", "in_lines"),
    [
        ("plain é €", "plain é €", "plain é €"),
        ("a\tb\r\n", r"a\x09b\x0d\x0a", "a\\x09b\r\n"),
        ("\x1b[0m\x7f\x9b", r"\x1b[0m\x7f\x9b", r"\x1b[0m\x7f\x9b"),
        ("\u202e\u2028\u2066", r"\u202e\u2028\u2066", r"\u202e\u2028\u2066"),
        ("\udcff\ud800", r"\xff\ud800", r"\xff\ud800"),
        ("x##[group]", r"x\x23#[group]", r"x\x23#[group]"),
    ],
)
def test_escaping(text: str, expected: str, in_lines: str) -> None:
    assert escape(text) == expected
    assert escape_lines(text) == in_lines


def test_models(run: Run) -> None:
    rows = [line.split() for line in run("models", "openai/gpt-4o").out.splitlines()]
    assert rows[0] == ["WINDOW", "$/MTOK", "ENCODING", "ACCURACY", "MODEL"]
    row = next(row for row in rows if row[-1] == "openai/gpt-4o")
    assert row[2:4] == ["o200k_base", "exact"] and int(row[0]) > 100_000
    models = run("models", "--format", "json", "openai/gpt-4o").json()["models"]
    assert {f"{one['provider']}/{one['name']}" for one in models} == {row[-1] for row in rows[1:]}
    nothing = run("models", "no\x1bsuch")
    assert (nothing.code, nothing.out) == (1, "") and "\x1b" not in nothing.err


def test_a_reader_that_goes_away(run: Run) -> None:
    write("prompts/a.md", "".join(f"# Heading {number}\n" for number in range(3000)))
    process = subprocess.Popen(
        [*SCRIPT, "count", "--format", "json", "prompts"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def _obey_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt() -> None:
    process = subprocess.Popen(
        [*SCRIPT, "count", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Jobs in the background of a shell inherit an ignored interrupt.
        preexec_fn=_obey_interrupts,
    )
    assert process.stdin is not None and process.stderr is not None
    # It waits for the end of its input once it has taken more than a pipe holds.
    process.stdin.write(b"word " * 50_000)
    process.stdin.flush()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_does_not_wait_for_a_network(run: Run) -> None:
    with web_server() as server:
        write_user_settings(f"allowed-hosts = [{server.address!r}]\n")
        write("main.md", f"@api:{server.answer('/slow', Reply('Late', delay=60))}\n")
        with subprocess.Popen(
            [*SCRIPT, "count", "--trust", "--database", "memory", "main.md"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=_obey_interrupts,
        ) as process:
            assert process.stderr is not None
            while not server.requests and process.poll() is None:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            # The request itself would last for the ten seconds that an endpoint has.
            assert process.wait(timeout=8) == 130
            assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell with descriptors")
@pytest.mark.parametrize(
    ("redirection", "code"), [("<&-", 2), (">&-", 0), ("2>&-", 0), (">/dev/full", 2)]
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_closed_and_full_streams(
    run: Run, monkeypatch: pytest.MonkeyPatch, unbuffered: str, redirection: str, code: int
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    write("a.md")
    argument = "-" if redirection == "<&-" else "a.md"
    command = f'"{sys.executable}" -m promptls count {argument} {redirection}'
    result = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert result.returncode == code
    assert b"Traceback" not in result.stderr and b"Exception ignored" not in result.stderr


def test_an_output_that_cannot_show_a_title(run: Run) -> None:
    write("ü.md", "# Ünïcode €\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*SCRIPT, "count", "--sections", "ü.md"]
    result = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert result.returncode == 0 and result.stdout.isascii()
    assert rb"\xdcn\xefcode \u20ac" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_drawn_table(run: Run) -> None:
    import pty

    write("a.md", "# [red]No markup\x1b[0m\n" + "word " * 2000)
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80"}
    command = [*SCRIPT, "count", "--sections", "a.md"]
    with subprocess.Popen(command, stdout=follower, env=environment) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            shown += part
    os.close(leader)
    assert process.returncode == 0
    assert "─" in shown.decode() and b"2,0" in shown
    assert rb"[red]No markup\x1b[0m" in shown


def test_the_server_starts_without_click_and_rich() -> None:
    code = (
        "import sys; from promptls.cli.main import main; code = main(['server', '--help']);"
        "print(code, [name for name in ('click', 'rich', 'tiktoken') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.decode().endswith("0 []\n")
