"""`make demo`, from its start to its end, with the real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_shows_a_section_going_below_its_budget_and_back() -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "demo.py")],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    whole, cut, back = ended.stdout.split("\nCLAUDE.md, ")
    assert " tok" in whole
    assert "budget/document-near" in whole
    over = "error budget/section-exceeded"
    assert over in whole
    assert over not in cut
    assert over in back
    assert "\x1b" not in ended.stdout
