from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import overload

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.budgets import (
    BudgetPolicy,
    DocumentFigures,
    Ratio,
    SectionFigures,
    UnknownModel,
    budget_use,
    evaluate,
    unknown_model,
)
from promptls.findings import CATALOGUE, Range
from promptls.settings.limit import BudgetLimit

HEAD = Range.of(0, 0, 0, 9)
POLICY = BudgetPolicy(warn_at=0.8, reserve=BudgetLimit(tokens=0))
ESTIMATED = replace(POLICY, ratio=Ratio(1.0, 1.5, 2.0, "a source"))


def document(tokens: int | None, limit: int | BudgetLimit | None) -> DocumentFigures:
    bound = BudgetLimit(tokens=limit) if isinstance(limit, int) else limit
    return DocumentFigures(tokens, bound, HEAD)


def section(place: int, tokens: int | None, own: int | None = None) -> SectionFigures:
    own_tokens = tokens if own is None else own
    return SectionFigures(
        f"s{place}", f"S{place}", Range.of(place, 0, place, 2), tokens, own_tokens
    )


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (0, None),
        (799, None),
        (800, ("budget/document-near", "The document: 800 of 1,000 tokens (80 %): 200 left")),
        (999, ("budget/document-near", "The document: 999 of 1,000 tokens (99 %): 1 left")),
        (
            1_000,
            (
                "budget/document-exceeded",
                "The document: 1,000 of 1,000 tokens (100 %): cut 1 or raise the budget",
            ),
        ),
        (
            1_234,
            (
                "budget/document-exceeded",
                "The document: 1,234 of 1,000 tokens (123 %): cut 235 or raise the budget",
            ),
        ),
    ],
)
def test_document(tokens: int, expected: tuple[str, str] | None) -> None:
    found = evaluate(document(tokens, 1_000), [], POLICY)
    assert found.document_use is not None
    assert (found.document_use.used, found.document_use.limit) == (tokens, 1_000)
    assert found.document_use.share == tokens / 1_000
    assert [(f.code, f.message) for f in found.findings] == ([expected] if expected else [])
    assert all(f.range == HEAD for f in found.findings)
    assert all(f.severity == CATALOGUE[f.code].severity for f in found.findings)


def test_what_is_cut_clears_the_error() -> None:
    cut = 235
    found = evaluate(document(1_234 - cut, 1_000), [], POLICY)
    assert [finding.severity for finding in found.findings] == ["warning"]


@pytest.mark.parametrize("figures", [document(None, 1_000), document(5_000, None)])
def test_document_without_figure_or_limit(figures: DocumentFigures) -> None:
    found = evaluate(figures, [section(1, 9)], POLICY)
    assert (found.document_use, found.findings) == (None, ())


def test_related_names_the_five_largest_by_their_own_tokens() -> None:
    sections = [section(0, 1_000, 40)] + [section(n, n * 60) for n in range(1, 7)]
    sections += [section(7, None), section(8, 0)]
    (finding,) = evaluate(document(2_000, 1_000), sections, POLICY).findings
    assert [(item.range.start.line, item.message) for item in finding.related] == [
        (6, "S6: 360 tokens, 18 %"),
        (5, "S5: 300 tokens, 15 %"),
        (4, "S4: 240 tokens, 12 %"),
        (3, "S3: 180 tokens, 9 %"),
        (2, "S2: 120 tokens, 6 %"),
    ]


def test_sections_have_their_own_limit_or_the_settings() -> None:
    sections = [section(0, 90), section(1, 90), section(2, None), section(3, 10)]
    found = evaluate(
        document(None, None),
        sections,
        POLICY,
        section_limit=BudgetLimit(tokens=100),
        own_limits={1: BudgetLimit(tokens=50)},
    )
    assert {place: use.limit for place, use in found.section_uses.items()} == {
        0: 100,
        1: 50,
        3: 100,
    }
    assert [(f.code, f.range.start.line, f.message) for f in found.findings] == [
        ("budget/section-near", 0, "“S0”: 90 of 100 tokens (90 %): 10 left"),
        (
            "budget/section-exceeded",
            1,
            "“S1”: 90 of 50 tokens (180 %): cut 41 or raise the budget",
        ),
    ]


def test_estimated_models_use_the_likely_figure() -> None:
    found = evaluate(
        document(700, 1_000),
        [section(0, 100)],
        ESTIMATED,
        section_limit=BudgetLimit(tokens=160),
    )
    assert found.document_use is not None
    assert found.document_use.used == 1_050
    assert [f.message for f in found.findings] == [
        "The document: ≈1,050 of 1,000 tokens (105 %): cut 51 or raise the budget",
        "“S0”: ≈150 of 160 tokens (93 %): 10 left",
    ]
    assert [item.message for item in found.findings[0].related] == ["S0: ≈150 tokens, 14 %"]


def test_share_of_the_window_less_the_reserve() -> None:
    policy = replace(POLICY, model="m", window=10_000, reserve=BudgetLimit(tokens=2_000))
    found = evaluate(document(1_000, BudgetLimit(share=0.5)), [], policy)
    assert found.document_use is not None
    assert found.document_use.limit == 4_000


@pytest.mark.parametrize(
    ("policy", "code", "words"),
    [
        (POLICY, "budget/no-window", "no model is named"),
        (replace(POLICY, model="opus"), "budget/no-window", "window of 'opus' is not known"),
        (
            replace(POLICY, model="m", window=100, reserve=BudgetLimit(tokens=100)),
            "budget/no-room",
            "100 tokens are reserved",
        ),
    ],
)
def test_share_without_a_meaning_is_told_once(policy: BudgetPolicy, code: str, words: str) -> None:
    share = BudgetLimit(share=0.5)
    found = evaluate(
        document(1_000, share),
        [section(0, 5), section(1, 5), section(2, 5)],
        policy,
        section_limit=share,
        own_limits={2: share},
    )
    assert (found.document_use, dict(found.section_uses)) == (None, {})
    assert [(f.code, f.range.start.line) for f in found.findings] == [(code, 0), (code, 2)]
    assert all(words in finding.message for finding in found.findings)


def test_places_that_are_gone_are_passed_over() -> None:
    limit = BudgetLimit(tokens=1)
    found = evaluate(
        document(None, None), [section(0, 5)], POLICY, own_limits={-1: limit, 0: limit, 7: limit}
    )
    assert list(found.section_uses) == [0]


def test_long_titles_are_cut_and_stay_on_one_line() -> None:
    long = replace(section(0, 9), title="a\nb " * 100)
    (finding,) = evaluate(
        document(None, None), [long], POLICY, section_limit=BudgetLimit(tokens=1)
    ).findings
    assert "\n" not in finding.message
    assert len(finding.message) < 130


class Watched(Sequence[SectionFigures]):
    """Sections that notice which of them are read."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.read: list[int] = []

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, place: int) -> SectionFigures: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[SectionFigures]: ...
    def __getitem__(self, place: int | slice) -> SectionFigures | Sequence[SectionFigures]:
        assert isinstance(place, int)
        self.read.append(place)
        return section(place, 10)

    def __iter__(self) -> Iterator[SectionFigures]:
        raise AssertionError("every section was looked at")


def test_only_sections_with_a_limit_are_looked_at() -> None:
    sections = Watched(50_000)
    evaluate(document(10, 1_000), sections, POLICY, own_limits={40_000: BudgetLimit(tokens=5)})
    assert sections.read == [40_000]


@given(
    st.lists(st.none() | st.integers(0, 2_000), max_size=20),
    st.integers(1, 1_000),
    st.dictionaries(st.integers(0, 19), st.integers(1, 1_000), max_size=5),
    st.floats(0.01, 1.0),
)
@settings(max_examples=100)
def test_findings_agree_with_the_definition(
    tokens: list[int | None], common: int, own: dict[int, int], warn_at: float
) -> None:
    warn_at = round(warn_at, 2)
    found = evaluate(
        document(None, None),
        [section(place, count) for place, count in enumerate(tokens)],
        replace(POLICY, warn_at=warn_at),
        section_limit=BudgetLimit(tokens=common),
        own_limits={place: BudgetLimit(tokens=limit) for place, limit in own.items()},
    )
    expected = []
    for place, count in enumerate(tokens):
        if count is None:
            continue
        limit = own.get(place, common)
        if count >= limit:
            expected.append((place, "budget/section-exceeded"))
        elif count * 100 >= round(warn_at * 100) * limit:
            expected.append((place, "budget/section-near"))
    assert [(f.range.start.line, f.code) for f in found.findings] == expected


@pytest.mark.parametrize(
    ("tokens", "limit", "policy", "expected"),
    [
        (500, BudgetLimit(tokens=1_000), POLICY, (500, 1_000, 0.5)),
        (500, BudgetLimit(tokens=1_000), ESTIMATED, (750, 1_000, 0.75)),
        (None, BudgetLimit(tokens=1_000), POLICY, None),
        (500, None, POLICY, None),
        (500, BudgetLimit(share=0.5), POLICY, None),
    ],
)
def test_budget_use(
    tokens: int | None,
    limit: BudgetLimit | None,
    policy: BudgetPolicy,
    expected: tuple[int, int, float] | None,
) -> None:
    use = budget_use(tokens, limit, policy)
    assert (use and (use.used, use.limit, use.share)) == expected


@pytest.mark.parametrize(
    ("nearest", "words"),
    [
        (("gpt-4o", "gpt-4", "o3"), "did you mean 'gpt-4o', 'gpt-4' or 'o3'?"),
        (("gpt-4o",), "did you mean 'gpt-4o'?"),
        ((), "see `promptls models`"),
    ],
)
def test_unknown_model(nearest: tuple[str, ...], words: str) -> None:
    finding = unknown_model(UnknownModel("gpt-4oo", nearest), HEAD)
    assert (finding.code, finding.severity) == ("budget/unknown-model", "warning")
    assert "'gpt-4oo'" in finding.message
    assert finding.message.endswith(words)
