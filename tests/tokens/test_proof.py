"""The figures that another engine must reach are tiktoken's."""

from __future__ import annotations

import pytest
from tests.oracles.reference_encodings import PACKAGED, reference_count, tiktoken_engine

from promptls.tokens.proof import EXPECTED, SAMPLE, proves_itself


def test_every_packaged_vocabulary_has_figures() -> None:
    assert set(EXPECTED) == set(PACKAGED)


@pytest.mark.parametrize("name", PACKAGED)
def test_expected_figures(name: str) -> None:
    assert EXPECTED[name] == tuple(reference_count(name, text) for text in SAMPLE)


@pytest.mark.parametrize("name", PACKAGED)
def test_tiktoken_proves_itself(name: str) -> None:
    assert proves_itself(tiktoken_engine(name))
