"""Findings as SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.parse import quote

from promptls import __version__
from promptls.cli.outcome import Located, Outcome
from promptls.findings import CATALOGUE, Code, Range, Severity
from promptls.findings.documentation import documentation

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "note",
    "hint": "note",
}
_PATH_CHARACTERS = "/~!$&'()*+,;=@-._"


def show(outcome: Outcome) -> None:
    """Print one run with all rules and a result for each finding."""
    print(json.dumps(log(outcome), indent=2))


def log(outcome: Outcome) -> dict[str, Any]:
    """Make the SARIF log."""
    places = {code: place for place, code in enumerate(CATALOGUE)}
    run = {
        "tool": {
            "driver": {
                "name": "promptls",
                "version": __version__,
                "rules": [_rule(code) for code in CATALOGUE.values()],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [_result(one, places.get(one.finding.code)) for one in outcome.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.cause},
        "help": {"text": f"{code.cause}\n\n{code.way_out}"},
        "helpUri": f"{documentation().as_uri()}#{code.code.replace('/', '-')}",
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def _result(located: Located, rule: int | None) -> dict[str, Any]:
    path, finding = located
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(path, finding.range)],
    }
    if rule is not None:  # a package's own code has no rule
        result["ruleIndex"] = rule
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": item.message}}
            | _location(item.uri or path, item.range)
            for number, item in enumerate(finding.related, 1)
        ]
    return result


def _location(path: str, range_: Range) -> dict[str, Any]:
    start, end = range_
    region = {
        "startLine": start.line + 1,
        "startColumn": start.character + 1,
        "endLine": end.line + 1,
        "endColumn": end.character + 1,
    }
    return {
        "physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region},
    }


def _uri(path: str) -> str:
    """A relative reference, or a `file:` URI for an absolute path; a URI stays as it is."""
    if "://" in path:
        return path
    quoted = quote(os.fsencode(path), safe=_PATH_CHARACTERS)
    if path.startswith("/"):
        return f"file://{quoted}"
    return f"file:///{quoted}" if ":" in path.partition("/")[0] else quoted
