"""The settings in front matter: tolerant at the top level, strict under `promptls:`.

The keys at the top level belong to other tools too. There a value counts only where it has a
form that makes sense here, and is passed over otherwise; under `promptls:` a mistake is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from promptls.findings import Finding, Fix, Range
from promptls.prompts.front_matter.model import FrontMatter
from promptls.prompts.front_matter.samples import SAMPLE_KEYS, read_samples
from promptls.prompts.front_matter.yaml_reading import Reading
from promptls.prompts.own_settings import BUDGET_KEYS, OWN_KEYS, complaint, nearest
from promptls.settings.declaration import camel

SETTING_KEYS = frozenset({"budget", "dialect", "encoding", "model", "promptls"})
WANTED_KEYS = SETTING_KEYS | SAMPLE_KEYS
"""The keys at the top level of front matter that are read at all."""

_Path = tuple[str, ...]


def front_matter_of(
    reading: Reading, end_line: int, findings: tuple[Finding, ...] = ()
) -> FrontMatter:
    """Make the front matter with these keys; `findings` are those that reading it gave."""
    settings = _Settings(reading)
    settings.read()
    return FrontMatter(
        end_line,
        settings.values,
        settings.key_ranges,
        settings.dialect,
        (*findings, *settings.findings),
        read_samples(reading.values),
    )


class _Settings:
    """Gathers settings from the keys of one block; what is read later wins."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._budget: dict[str, object] = {}
        self.values: dict[str, object] = {}
        self.key_ranges: dict[_Path, Range] = {}
        self.dialect: str | None = None
        self.findings: list[Finding] = []

    def read(self) -> None:
        values = self._reading.values
        for key, value in values.items():
            if key in SETTING_KEYS and key != "promptls" and _is_ours(key, value):
                self._take((key,), value)
        own = values.get("promptls")
        if isinstance(own, Mapping):
            for key, value in own.items():
                self._take(("promptls", key), value)
        elif own is not None:
            self._wrong(("promptls",), "must hold settings, such as `budget: 2000`, indented")

    def _take(self, path: _Path, value: object) -> None:
        key = path[-1]
        if value is None:
            return
        match key:
            case "budget":
                self._take_budget(path, value)
            case "ignore":
                self._take_ignore(path, value)
            case "model" if isinstance(value, (Mapping, list)):
                self._set(key, path, value)
            case _ if key in OWN_KEYS:
                if self._accept(key, path, value):
                    self._set(key, path, value)
            case _:
                self._unknown(path, OWN_KEYS)

    def _take_budget(self, path: _Path, value: object) -> None:
        if not isinstance(value, Mapping):
            self._set_budget("document", path, value)
            return
        for key, limit in value.items():
            if camel(key) not in BUDGET_KEYS:
                self._unknown((*path, key), BUDGET_KEYS)
            elif limit is not None:
                self._set_budget(camel(key), (*path, key), limit)

    def _set_budget(self, key: str, path: _Path, value: object) -> None:
        name = f"budget.{key}"
        if self._accept(name, path, value):
            self._budget[key] = value
            self.values["budget"] = self._budget
            self.key_ranges["budget", key] = self._reading.key_ranges[path]

    def _take_ignore(self, path: _Path, value: object) -> None:
        items: Sequence[object]
        if isinstance(value, str):
            items = [item.strip() for item in value.split(",")]
        else:
            items = value if isinstance(value, list) else [value]
        accepted = [item for item in items if self._accept("ignore", path, item)]
        if accepted:
            self._set("ignore", path, accepted)

    def _set(self, key: str, path: _Path, value: object) -> None:
        if key == "dialect":
            self.dialect = str(value).strip().lower()
        else:
            self.values[key] = value
        self.key_ranges[key,] = self._reading.key_ranges[path]

    def _accept(self, name: str, path: _Path, value: object) -> bool:
        reason = complaint(name, value)
        if reason is not None:
            self._wrong(path, reason)
        return reason is None

    def _wrong(self, path: _Path, reason: str) -> None:
        range_ = self._reading.key_ranges[path]
        message = f"`{'.'.join(path)}` {reason}. It is passed over."
        self.findings.append(Finding("front-matter/wrong-value", "warning", range_, message))

    def _unknown(self, path: _Path, known: Sequence[str]) -> None:
        range_ = self._reading.key_ranges[path]
        meant = nearest(camel(path[-1]), known)
        fixes: tuple[Fix, ...] = ()
        if meant is None:
            way_out = f"Known are {', '.join(f'`{name}`' for name in known)}."
        else:
            way_out = f"Did you mean `{meant}`?"
            fixes = (Fix(f"Change to `{meant}`", range_, meant),)
        message = f"`{'.'.join(path)}` is no setting of promptls. {way_out}"
        self.findings.append(
            Finding("front-matter/unknown-key", "warning", range_, message, fixes=fixes)
        )


def _is_ours(key: str, value: object) -> bool:
    """Whether a value at the top level has a form that makes sense here."""
    match key, value:
        case "model", Mapping() | list():
            return True
        case "budget", str():
            return value.rstrip().endswith("%") or complaint("budget.document", value) is None
        case "budget", Mapping():
            return bool(value) and all(camel(key) in BUDGET_KEYS for key in value)
        case "budget", _:
            return complaint("budget.document", value) is None
        case _:
            return complaint(key, value) is None
