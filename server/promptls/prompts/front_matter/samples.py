"""The values that front matter gives to a template's variables."""

from __future__ import annotations

from collections.abc import Mapping

from promptls.settings.values import named_texts

SAMPLE_KEYS = frozenset({"input", "inputs", "sample"})
"""The keys at the top level of front matter that hold samples."""

_OF_ONE_INPUT = ("default", "example", "sample")
"""Where a value of an input stands; a later one of these comes before an earlier one."""


def read_samples(values: Mapping[str, object]) -> dict[str, str]:
    """Read the samples and inputs from the keys of a front matter, by the variables' names.

    Prompty 1: `sample: {x: …}`, `inputs: {x: {sample: …, default: …}}` or `inputs: {x: …}`;
    Prompty 2: `inputs: [{name: x, default: …}]`; Dotprompt: `input: {default: {x: …}}`. A sample
    comes before a default. Scalars become text, tables and lists compact JSON; what is inside of
    a table has a dotted name as well.
    """
    found: dict[str, object] = {}
    dotprompt = values.get("input")
    if isinstance(dotprompt, Mapping) and isinstance(default := dotprompt.get("default"), Mapping):
        found.update(default)
    found.update(_inputs(values.get("inputs")))
    sample = values.get("sample")
    if isinstance(sample, Mapping):
        found.update(sample)
    return named_texts(found)


def _inputs(inputs: object) -> dict[str, object]:
    declared: list[tuple[object, object]] = []
    if isinstance(inputs, Mapping):
        declared = list(inputs.items())
    elif isinstance(inputs, list):
        declared = [(each.get("name"), each) for each in inputs if isinstance(each, Mapping)]
    found: dict[str, object] = {}
    for name, declaration in declared:
        if not isinstance(name, str):
            continue
        if not isinstance(declaration, Mapping):
            found[name] = declaration
            continue
        for key in _OF_ONE_INPUT:
            if declaration.get(key) is not None:
                found[name] = declaration[key]
    return found
