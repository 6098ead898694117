"""A PostgreSQL server from the system's packages, for tests that need the real one.

Import the fixture `postgresql_url` into a test file (or its conftest.py) to use it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_DATABASE = "promptls"
_START_TIMEOUT = 60.0


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: Debian's, the newest, else that of the PATH."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    versions = [folder for folder in folders if folder.parent.name.isdecimal()]
    for folder in sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True):
        if (folder / "initdb").is_file():
            return folder
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Start a server that only listens on a socket in a temporary folder; gives a URL.

    Skips the test where PostgreSQL is not installed.
    """
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # PostgreSQL does not run as root.
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    try:
        account = pwd.getpwnam(user)
    except KeyError:
        pytest.skip("there is no user `postgres` to run PostgreSQL as")
    # A socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as name:
        folder = Path(name)
        os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        # None: the process stays who it is.
        uid, gid = (account.pw_uid, account.pw_gid) if os.geteuid() == 0 else (None, None)
        subprocess.run(
            [str(binaries / "initdb"), "-D", str(data), "-U", user, "-A", "trust", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            user=uid,
            group=gid,
        )
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            user=uid,
            group=gid,
        )
        try:
            _create_database(binaries, folder, user)
            yield f"postgresql://{user}@/{_DATABASE}?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # ends what is connected
            server.wait(timeout=_START_TIMEOUT)


def _create_database(binaries: Path, folder: Path, user: str) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    command = [str(binaries / "createdb"), "-h", str(folder), "-U", user, _DATABASE]
    while (done := subprocess.run(command, capture_output=True, check=False)).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError(done.stderr.decode(errors="replace"))
        time.sleep(0.1)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a server that runs for the whole session, with an empty database at first."""
    with running_postgresql() as url:
        yield url
