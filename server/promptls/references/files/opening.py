"""Opens files without being fooled: by links, by pipes and devices, by a change in between.

The access policy judges the real path of the descriptor that is read. A path that lies outside
as it is named is not even looked for.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from types import TracebackType

from promptls.references.files.descriptor_paths import real_path_of
from promptls.references.files.failures import blocked, not_found, shown, unreadable
from promptls.references.model import Blocked, Failed, NotFound
from promptls.references.policy import AccessPolicy

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
_NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
_IRREGULAR = "it is a pipe, a device or a socket, not a file"


@dataclass(frozen=True, slots=True)
class Opened:
    """A regular file that the policy lets in. Close it, or use it in a `with`."""

    handle: int
    path: str
    """The real path."""
    state: os.stat_result

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.handle)

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that may be listed; each file in it is judged when it is opened."""

    path: str
    """The real path."""


def open_checked(
    path: str, policy: AccessPolicy, *, home: str = "", name: str = "", secrets: bool = False
) -> Opened | Folder | NotFound | Failed | Blocked:
    """Open a file that may be read, or find a folder. Raises nothing, waits for nothing.

    `path` is absolute and normal; `name` is what messages call it; `home` and `secrets` are as in
    `AccessPolicy.refusal`.
    """
    name = shown(name or path)
    refusal = policy.outside(path, home)
    if refusal is not None:
        return blocked(name, refusal)
    try:
        # Looked at before it is opened: opening some devices does something.
        mode = os.stat(path).st_mode  # noqa: PTH116 - a Path costs more than the call
        if stat.S_ISDIR(mode):
            folder = os.path.realpath(path)
            refusal = policy.refusal(os.path.join(folder, ""), home)  # noqa: PTH118
            return Folder(folder) if refusal is None else blocked(name, refusal)
        if not stat.S_ISREG(mode):
            return _judged(path, policy, home, name, unreadable(name, _IRREGULAR))
        handle = os.open(path, _FLAGS)
    except ValueError:  # a NUL in the path
        return not_found(name)
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return not_found(name)
        if error.errno == errno.ELOOP:
            return unreadable(name, "its symbolic links lead round in a circle")
        reason = error.strerror or type(error).__name__
        return _judged(path, policy, home, name, unreadable(name, reason.lower()))
    outcome = _check(handle, path, policy, home, name, secrets)
    if not isinstance(outcome, Opened):
        os.close(handle)
    return outcome


def _check(
    handle: int,
    path: str,
    policy: AccessPolicy,
    home: str,
    name: str,
    secrets: bool,
) -> Opened | Failed | Blocked:
    """Judge what was really opened."""
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode):
        return unreadable(name, _IRREGULAR)
    real = real_path_of(handle, path, state)
    if real is None:
        return unreadable(name, "it was moved or removed while it was opened")
    refusal = policy.refusal(real, home, secrets=secrets)
    return Opened(handle, real, state) if refusal is None else blocked(name, refusal)


def _judged(
    path: str, policy: AccessPolicy, home: str, name: str, otherwise: Failed
) -> Failed | Blocked:
    """What cannot be opened is blocked all the same if it lies where nothing may be read."""
    refusal = policy.refusal(os.path.realpath(path), home)
    return otherwise if refusal is None else blocked(name, refusal)
