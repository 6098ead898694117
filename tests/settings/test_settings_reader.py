from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.findings import CATALOGUE
from promptls.settings import BudgetLimit, FileRule, Layer
from promptls.settings.model import ENCODINGS
from promptls.settings.reader import BOTH, MACHINE, MAX_ITEMS, MAX_PROBLEMS, read_layer


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"encoding": "gpt2"}, {"encoding": "gpt2"}),
        ({"model": " gpt-4o "}, {"model": "gpt-4o"}),
        ({"budget": {"warn-at": 1}}, {"budget.warnAt": 1.0}),
        ({"budget": {"warnAt": 0.5}}, {"budget.warnAt": 0.5}),
        ({"budget.warnAt": 0.5}, {"budget.warnAt": 0.5}),
        ({"budget": {"document": "50%"}}, {"budget.document": BudgetLimit(share=0.5)}),
        ({"budget": {"reserve-output": 0}}, {"budget.reserveOutput": BudgetLimit(tokens=0)}),
        ({"code-lens": {"document": False}}, {"codeLens.document": False}),
        ({"debounce": 0}, {"debounce": 0}),
        ({"debounce": 150.0}, {"debounce": 150}),
        (
            {"ignore": ["budget/*", "settings/not-toml"]},
            {"ignore": ("budget/*", "settings/not-toml")},
        ),
        ({"markdown": "all", "encoding": None, "budget": None}, {"markdown": "all"}),
    ],
)
def test_reads_either_spelling(raw: dict[str, Any], expected: dict[str, object]) -> None:
    level = read_layer(Layer("x", raw))
    assert (level.values, level.problems) == (expected, ())


@pytest.mark.parametrize(
    ("raw", "code", "path", "words"),
    [
        ({"encoding": "cl100k"}, "wrong-value", ("encoding",), 'must be one of "cl100k_base"'),
        ({"model": ["a"]}, "wrong-value", ("model",), "a list is ignored"),
        ({"budget": 2000}, "wrong-value", ("budget",), "such as `budget.document`; 2000"),
        ({"budget": {"warn-at": 0}}, "wrong-value", ("budget", "warn-at"), "above 0, at most 1"),
        ({"budget": {"warn-at": "80%"}}, "wrong-value", ("budget", "warn-at"), '"80%" is ignored'),
        ({"budget": {"section": True}}, "wrong-value", ("budget", "section"), "true is ignored"),
        ({"debounce": 10_001}, "wrong-value", ("debounce",), "from 0 to 10,000"),
        ({"debounce": 1.5}, "wrong-value", ("debounce",), "1.5 is ignored"),
        ({"debounce": float("nan")}, "wrong-value", ("debounce",), "nan is ignored"),
        ({"debounce": 10**5000}, "wrong-value", ("debounce",), "a number that large"),
        ({"hints": {"sections": 1}}, "wrong-value", ("hints", "sections"), "true or false"),
        ({"ignore": "budget/*"}, "wrong-value", ("ignore",), "must be a list"),
        ({"files": {"glob": "*.md"}}, "wrong-value", ("files",), "must be a list of tables"),
        ({"files": [{"model": "m"}]}, "wrong-value", ("files", 0), "`files[0]` needs a `glob`"),
        ({"files": [{"glob": "!x"}]}, "wrong-value", ("files", 0, "glob"), "cannot exclude"),
        ({"warn-at": 0.5}, "unknown-key", ("warn-at",), "did you mean `budget.warn-at`?"),
        ({"encodin": "x"}, "unknown-key", ("encodin",), "did you mean `encoding`?"),
        ({"budgets": {}}, "unknown-key", ("budgets",), "did you mean `budget`?"),
        ({"hints": {"zzz": 1}}, "unknown-key", ("hints", "zzz"), "known are `hints.sections`"),
        ({"a\n\u202eb": 1}, "unknown-key", ("a\n\u202eb",), r"`a\u000a\u202eb` is not a setting"),
        ({"engine": "auto"}, "machine-only", ("engine",), "your own settings file"),
        ({"vocabulary-folder": 5}, "machine-only", ("vocabulary-folder",), "ignored here"),
    ],
)
def test_tells_what_is_wrong_and_leaves_it_out(
    raw: dict[str, Any], code: str, path: tuple[str | int, ...], words: str
) -> None:
    level = read_layer(Layer("x", raw))
    (problem,) = level.problems
    assert (problem.code, problem.path) == (f"settings/{code}", path)
    assert words in problem.message
    assert level.values == {}
    assert level.rules == ()


def test_clients_are_answered_in_their_spelling() -> None:
    (problem,) = read_layer(Layer("x", {"budget": {"warnat": 1}}, spelling="camel")).problems
    assert problem.message == ("`budget.warnat` is not a setting; did you mean `budget.warnAt`?")


def test_a_wrong_item_leaves_the_others() -> None:
    raw = {
        "ignore": ["budget/*", "nothing/there"],
        "files": [{"glob": "a", "document": -1, "section": 5}, 7, {"glob": "b"}],
    }
    level = read_layer(Layer("x", raw, folder=Path("/w")))
    assert level.values == {"ignore": ("budget/*",)}
    assert level.rules == (
        FileRule("a", section=BudgetLimit(tokens=5), folder=Path("/w")),
        FileRule("b", folder=Path("/w")),
    )
    assert [problem.path for problem in level.problems] == [
        ("ignore", 1),
        ("files", 0, "document"),
        ("files", 1),
    ]


def test_machine_settings_are_read_where_they_may_stand() -> None:
    raw = {"engine": "quicktok", "vocabulary-folder": "/v", "vocabulary-download": False}
    expected = {"engine": "quicktok", "vocabularyFolder": Path("/v"), "vocabularyDownload": False}
    for scopes in (MACHINE, BOTH):
        assert read_layer(Layer("x", raw), scopes).values == expected
    (problem,) = read_layer(Layer("x", {"model": "m"}), MACHINE).problems
    assert "`model` is not a machine setting" in problem.message


@pytest.mark.parametrize("folder", ["relative", "", "a\0b", 5])
def test_a_vocabulary_folder_is_absolute(folder: object) -> None:
    (problem,) = read_layer(Layer("x", {"vocabularyFolder": folder}), MACHINE).problems
    assert "must be an absolute path" in problem.message


def test_the_home_folder_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.setenv("USERPROFILE", "/home/someone")
    level = read_layer(Layer("x", {"vocabularyFolder": "~/v"}), MACHINE)
    assert level.values == {"vocabularyFolder": Path("/home/someone/v")}


def test_problems_are_bounded() -> None:
    level = read_layer(Layer("x", {f"k{n}": 1 for n in range(5000)}))
    assert len(level.problems) == MAX_PROBLEMS


@pytest.mark.parametrize("raw", [{"ignore": ["*"] * 5000}, {"files": [{"glob": "a"}] * 5000}])
def test_lists_are_bounded(raw: dict[str, Any]) -> None:
    level = read_layer(Layer("x", raw))
    (problem,) = level.problems
    assert "has more than 1,000 items" in problem.message
    assert len(level.rules or level.values["ignore"]) == MAX_ITEMS  # type: ignore[arg-type]


def test_encodings_are_those_of_tiktoken() -> None:
    import tiktoken

    assert sorted(ENCODINGS) == sorted(tiktoken.list_encoding_names())


NAMES = st.sampled_from(
    ["encoding", "budget", "warnAt", "document", "files", "glob", "ignore", "engine", "hints"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_any_value_is_answered(values: object) -> None:
    for problem in read_layer(Layer("x", values)).problems:
        assert problem.code in CATALOGUE
        assert problem.message.isprintable()
