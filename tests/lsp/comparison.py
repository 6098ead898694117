"""What a server reports of an edited document, against tiktoken and a fresh document."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.lsp.editor import Editor, Json
from tests.oracles.reference_encodings import reference_count


def difference(editor: Editor, uri: str, fresh_uri: str, text: str) -> str:
    """What the server has wrong about a document whose text is to be `text`; "" for nothing.

    The same text is opened as `fresh_uri`, which must have the same dialect and settings.
    """
    report = editor.report(uri)
    editor.open(fresh_uri, text)
    fresh = editor.report(fresh_uri)
    editor.close(fresh_uri)
    rendered = editor.render(uri)
    encoding = report["encoding"]
    tokens = reference_count(encoding, text)
    expanded = reference_count(encoding, rendered["text"])
    own = sum(section["ownTokens"] for section in report["sections"])
    figures = {
        "tokens": (report["tokens"], tokens),
        "sum of ownTokens": (own, tokens),
        "expandedTokens": (report["expandedTokens"], expanded),
        "rendered tokens": (rendered["tokens"], expanded),
    }
    wrong = [f"{name}: {got}, not {want}" for name, (got, want) in figures.items() if got != want]
    wrong += _differences(_comparable(report), _comparable(fresh))
    return "; ".join(wrong)


def _comparable(report: Json) -> Json:
    """The report without what differs between two documents of the same text."""
    folder = report["uri"].split("/workspace/")[-1].split("/")[0] + "/"
    plain: Json = json.loads(json.dumps(report, ensure_ascii=True).replace(folder, ""))
    findings = [finding | {"uri": "", "related": _places(finding)} for finding in plain["findings"]]
    return plain | {"uri": "", "version": 0, "revision": 0, "findings": findings}


def _places(finding: Json) -> list[Json]:
    return [related | {"uri": ""} for related in finding["related"]]


def _differences(got: Json, want: Json) -> Iterator[str]:
    for key, value in want.items():
        if got[key] == value:
            continue
        if not isinstance(value, list):
            yield f"{key}: {got[key]}, fresh {value}"
            continue
        pairs = zip(got[key], value, strict=False)
        place = next(
            (at for at, (a, b) in enumerate(pairs) if a != b), min(len(got[key]), len(value))
        )
        yield f"{key}[{place}]: {got[key][place : place + 1]}, fresh {value[place : place + 1]}"
