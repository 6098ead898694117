"""Where the page that explains every code lies: with the package, so that no network is needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def documentation() -> Path:
    """The page `findings.md`; its anchors are the codes with `-` for `/`."""
    packaged = Path(__file__).with_name("findings.md")
    if packaged.is_file():
        return packaged
    # A checkout that is installed for development keeps it with the other documentation.
    return Path(__file__).parents[3] / "docs" / "findings.md"
