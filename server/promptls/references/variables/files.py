"""Variable files, read through the access policy and kept as long as they stay unchanged."""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from promptls.references.files.failures import shown
from promptls.references.files.opening import Folder, Opened, open_checked
from promptls.references.files.stamps import Stamp
from promptls.references.policy import AccessPolicy, secret_reason
from promptls.references.variables.formats import FormatError, is_dotenv, read_variables

MAX_BYTES = 1 << 18
"""256 KB: more than anyone writes by hand; what is larger belongs in a file that is referred to."""
_MAX_KEPT = 256
"""Files."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Variables(NamedTuple):
    """What one file gives."""

    values: Mapping[str, str]
    problem: str = ""
    """Why it gives nothing, as a sentence; "" where all is well."""


class _Kept(NamedTuple):
    stamp: Stamp
    settled: bool
    """Whether the stamp alone tells that the file is unchanged."""
    policy: AccessPolicy
    home: str
    data: bytes
    variables: Variables


class VariableFiles:
    """Reads variable files. Safe to call from several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def read(self, path: Path, name: str, policy: AccessPolicy, home: str) -> Variables:
        """Read the file at `path`, which messages call `name`; raises nothing.

        `home` is as in `AccessPolicy.refusal`. A `.env` file is read in a trusted workspace only:
        whoever trusts it has named that very file in the settings.
        """
        key = os.path.abspath(path)  # noqa: PTH100 - links are followed when it is opened
        kept = self._kept.get(key)
        allowed = kept is not None and (kept.policy, kept.home) == (policy, home)
        if kept and allowed and kept.settled and kept.stamp == _stamp(key):
            return kept.variables
        read_at = time.time()
        read = _read(key, name, policy, home)
        if isinstance(read, Variables):
            self._kept.pop(key, None)
            return read
        data, stamp = read
        variables = kept.variables if kept and kept.data == data else _parse(key, name, data)
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[key] = _Kept(stamp, stamp.settled(read_at), policy, home, data, variables)
        return variables

    def clear(self) -> None:
        """Forget every file, so that each is read again."""
        self._kept.clear()


def _stamp(path: str) -> Stamp | None:
    try:
        return Stamp.of(os.stat(path))  # noqa: PTH116 - once for each variable of a document
    except (OSError, ValueError):
        return None


def _read(path: str, name: str, policy: AccessPolicy, home: str) -> tuple[bytes, Stamp] | Variables:
    """Read the bytes of a file, or say why not."""
    named_secret = is_dotenv(path) and secret_reason(path) is not None
    if named_secret and not policy.trusted:
        reason = "files of this name hold secrets and count in trusted workspaces only"
        return _problem(name, reason, "Trust this workspace, or use another file.")
    opened = open_checked(path, policy, home=home, name=name, secrets=named_secret)
    if isinstance(opened, Folder):
        return _problem(name, "it is a folder", "Name a file.")
    if not isinstance(opened, Opened):
        return Variables(_NOTHING, opened.notice.message)
    with opened:
        if secret_reason(opened.path) is not None and not is_dotenv(opened.path):
            reason = "it is a link to a file that holds secrets"
            return _problem(name, reason, "Name another file.")
        try:
            data = _read_bytes(opened.handle)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            return _problem(name, reason, "Correct that, or name another file.")
    if len(data) > MAX_BYTES:
        reason = f"it has more than {MAX_BYTES:,} bytes"
        return _problem(name, reason, "Shorten it, or refer to files with `@file:`.")
    return data, Stamp.of(opened.state)


def _parse(path: str, name: str, data: bytes) -> Variables:
    try:
        return Variables(read_variables(path, _decoded(data)))
    except UnicodeDecodeError:
        return _problem(name, "it is not text in UTF-8", "Save it in UTF-8.")
    except FormatError as error:
        return _problem(name, str(error), "Correct it.")


def _problem(name: str, reason: str, way_out: str) -> Variables:
    return Variables(_NOTHING, f"`{shown(name)}` is not read: {reason}. {way_out}")


def _read_bytes(handle: int) -> bytes:
    pieces = []
    left = MAX_BYTES + 1
    while left and (piece := os.read(handle, left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16")
    else:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    return text.replace("\r\n", "\n")
