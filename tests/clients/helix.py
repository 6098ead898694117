"""Helix for tests, and a terminal to run it in.

Where no `hx` is on the PATH, Debian's packages are unpacked below `.cache/helix` by `apt-get`, with
a configuration of its own: nothing is installed. Their C library is newer than that of many
machines, so the program is started by the loader that comes with it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

CONFIGURATION = Path(__file__).parents[2] / "clients" / "helix"
WAIT = 60.0
"""Seconds to wait for something on the screen."""

_CACHE = Path(__file__).parents[2] / ".cache" / "helix"
_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
_SUITE = "trixie"
_PACKAGES = ("hx", "libc6", "libgcc-s1")
_APT = """\
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{folder}/sources";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Debug::NoLocking "true";
APT::Sandbox::User "root";
"""
_INSTALL_SECONDS = 180
_COLUMNS, _LINES = 140, 40


class NotAvailableError(Exception):
    """Helix cannot run here; the message says why."""


def helix() -> tuple[list[str], dict[str, str]]:
    """The command, and the variables that it needs. Raises NotAvailableError."""
    installed = shutil.which("hx")
    if installed is not None:
        return [installed], {}
    root = _CACHE / _SUITE
    if not root.is_dir():
        _unpack(root)
    libraries = next(root.glob("usr/lib/*-linux-gnu"), root)
    loader = next(libraries.glob("ld-linux*.so.*"), libraries)
    command = [str(loader), "--library-path", str(libraries), str(root / "usr/lib/hx/hx")]
    try:
        subprocess.run([*command, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotAvailableError(f"Debian's hx does not run: {error}") from error
    return command, {"HELIX_RUNTIME": str(root / "usr/lib/hx/runtime")}


def _unpack(root: Path) -> None:
    unfinished = _CACHE / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    for name in ("sources", "lists/partial", "cache/archives/partial", "root"):
        (unfinished / name).mkdir(parents=True)
    (unfinished / "sources" / "debian.sources").write_text(_sources(), "utf-8")
    (unfinished / "apt.conf").write_text(_APT.format(folder=unfinished), "utf-8")
    variables = {**os.environ, "APT_CONFIG": str(unfinished / "apt.conf")}

    def run(*command: str | Path) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            cwd=unfinished,
            env=variables,
            timeout=_INSTALL_SECONDS,
        )

    try:
        run("apt-get", "-qq", "update")
        run("apt-get", "-qq", "download", *_PACKAGES)
        for package in unfinished.glob("*.deb"):
            run("dpkg-deb", "-x", package, "root")
    except (OSError, subprocess.SubprocessError) as error:
        raise NotAvailableError(f"Debian's hx cannot be had: {error}") from error
    (unfinished / "root").rename(root)
    shutil.rmtree(unfinished)


def _sources() -> str:
    """The machine's own source of packages, for the suite that has Helix."""
    try:
        text = _SOURCES.read_text("utf-8")
    except OSError as error:
        raise NotAvailableError(f"no Debian packages here: {error}") from error
    return re.sub(r"^Suites:.*$", f"Suites: {_SUITE}", text.split("\n\n")[0], flags=re.M) + "\n"


class Terminal:
    """A program in a terminal, and what stands on its screen."""

    def __init__(self, leader: int) -> None:
        self._leader = leader
        self._screen = pyte.Screen(_COLUMNS, _LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def press(self, keys: str) -> None:
        """Send keys, as a terminal encodes them."""
        os.write(self._leader, keys.encode())

    @property
    def lines(self) -> list[str]:
        """The lines of the screen without trailing blanks."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display]

    def wait(self, shown: Callable[[list[str]], bool]) -> list[str]:
        """Wait until the lines are as `shown` wants them; gives them."""
        deadline = time.monotonic() + WAIT
        while not shown(lines := self.lines):
            assert time.monotonic() < deadline, "\n".join(lines)
            time.sleep(0.05)
        return lines

    def wait_for(self, *texts: str) -> list[str]:
        """Wait until each text stands on some line."""
        return self.wait(lambda lines: all(any(text in line for line in lines) for text in texts))

    def nudge(self, key: str, *texts: str) -> None:
        """Wait for texts that may come only after another `key`, pressed every two seconds."""
        for _ in range(int(WAIT / 2)):
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                if all(any(text in line for line in self.lines) for text in texts):
                    return
                time.sleep(0.05)
            self.press(key)
        self.wait_for(*texts)

    def wait_without(self, text: str) -> list[str]:
        """Wait until a text stands on no line."""
        return self.wait(lambda lines: not any(text in line for line in lines))

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._leader, 65_536)
            except OSError:  # the program has ended
                return
            if not data:
                return
            with self._lock:
                self._stream.feed(data)


@contextmanager
def in_terminal(
    command: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> Iterator[Terminal]:
    """Run a program in a terminal; it is ended with the context."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, _COLUMNS, 0, 0))
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(variables),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    with process:
        try:
            yield Terminal(leader)
        finally:
            process.kill()
            process.wait()
            os.close(leader)
