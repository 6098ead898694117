"""Every finding code that the package names is in the catalogue: building a report looks it up."""

from __future__ import annotations

import re
from pathlib import Path

import promptls
from promptls.findings import CATALOGUE

_CODE = re.compile(r'"((?:reference|budget|cache|settings)/[a-z0-9-]+)"')


def test_codes() -> None:
    sources = Path(promptls.__file__).parent.rglob("*.py")
    named = {code for source in sources for code in _CODE.findall(source.read_text("utf-8"))}
    assert named
    assert named - CATALOGUE.keys() == set()
