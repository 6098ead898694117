"""Profiles that were found before, kept in a file: the registry takes 0.16 s to load.

A file serves for one day and one installation: prices change by the date, and the data come with
genai-prices.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from promptls import __version__
from promptls.budgets.profile import ModelProfile, UnknownModel
from promptls.budgets.registry import find_profile

FILE_NAME = "model-profiles.json"
_KEPT_MAX = 100
"""Profiles in the file; each has about 300 bytes."""
_ACCURACIES = ("exact", "calibrated", "estimate")

logger = logging.getLogger(__name__)


def _today() -> date:
    return datetime.now(UTC).date()


class KnownProfiles:
    """Finds profiles as `find_profile` does. For any number of threads; touches a disk."""

    def __init__(self, folder: Path | None, today: Callable[[], date] = _today) -> None:
        """`folder`: where the file is, or is to be; None keeps nothing."""
        self._file = None if folder is None else folder / FILE_NAME
        self._today = today
        self._lock = threading.Lock()
        self._stamp = ""
        self._kept: dict[str, ModelProfile] = {}

    def find(self, name: str) -> ModelProfile | UnknownModel:
        """Say what is known of the model that `name` means; raises nothing."""
        if self._file is None:
            return find_profile(name)
        with self._lock:
            stamp = f"{__version__} {_data_stamp()} {self._today()}"
            if stamp != self._stamp:
                self._stamp, self._kept = stamp, _read(self._file, stamp)
            known = self._kept.get(name)
            if known is not None:
                return known
            found = find_profile(name)
            if isinstance(found, ModelProfile) and len(self._kept) < _KEPT_MAX:
                self._kept[name] = found
                _write(self._file, stamp, self._kept)
            return found


def _data_stamp() -> str:
    """Which data of genai-prices are installed, without importing it."""
    package = find_spec("genai_prices")
    if package is None or package.origin is None:
        return "none"
    state = Path(package.origin).with_name("data.py").stat()
    return f"{state.st_mtime_ns} {state.st_size}"


def _read(file: Path, stamp: str) -> dict[str, ModelProfile]:
    """What the file holds; nothing where it is another day's, damaged or not there."""
    try:
        content = json.loads(file.read_bytes())
        if content["stamp"] != stamp:
            return {}
        return {str(name): _profile(given) for name, given in content["profiles"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        logger.debug("%s is of no use: %s", FILE_NAME, type(error).__name__)
        return {}


def _write(file: Path, stamp: str, profiles: dict[str, ModelProfile]) -> None:
    content = {"stamp": stamp, "profiles": {name: asdict(one) for name, one in profiles.items()}}
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as target:
            temporary = target.name
            json.dump(content, target, default=str)
        Path(temporary).replace(file)
    except OSError as error:
        logger.debug("%s cannot be written: %s", FILE_NAME, type(error).__name__)
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _profile(given: dict[str, Any]) -> ModelProfile:
    """A profile from the file. Raises what a wrong one leads to."""
    price = given["input_price"]
    if given["accuracy"] not in _ACCURACIES:
        raise ValueError(given["accuracy"])
    return ModelProfile(
        name=_text(given["name"]),
        provider=_optional(given["provider"]),
        window=None if given["window"] is None else int(given["window"]),
        input_price=None if price is None else Decimal(price),
        price_tiers=tuple((int(start), Decimal(tier)) for start, tier in given["price_tiers"]),
        encoding=_optional(given["encoding"]),
        accuracy=given["accuracy"],
        family=_optional(given["family"]),
        is_alias=bool(given["is_alias"]),
    )


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _optional(given: object) -> str | None:
    return None if given is None else _text(given)
