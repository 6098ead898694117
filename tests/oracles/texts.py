"""Pieces that random texts are made of: what splitting patterns and line breaks care about."""

from __future__ import annotations

from hypothesis import strategies as st

CHARACTERS = (
    *"ab zZ019.,;:!?'\"/\\-_()[]{}<>#*|`~@$%^&+=\n\n\n\r\t  ",
    *("\r\n", "\x0c", "\x0b", "\x1c", "\x85", "\xa0", "\u2028", "\u3000", "\ufeff", "\x00"),
    *("é", "e\u0301", "\u0301", "Ж", "ǅ", "ʰ", "ªº", "½", "²", "١", "\u200b", "\u200d", "\u0308"),
    *("漢", "字", "、", "。", "한", "の", "😀", "\ud83d", "\ude00"),
    *("'s", "'LL", "://", "  \n", "\n  ", "\n/", "\n\n//", " \r"),
)
WORDS = (" word", " the quick", "\n# Head\n", "a" * 30, " " * 40, "/" * 10, "\n" * 9, "X" * 20)

SHORT_TEXTS = st.lists(st.sampled_from(CHARACTERS), min_size=4, max_size=24).map("".join)
TEXTS = st.one_of(
    st.lists(st.sampled_from(CHARACTERS + WORDS), max_size=150),
    st.lists(st.sampled_from(CHARACTERS + WORDS), min_size=40, max_size=150),
).map("".join)
INSERTIONS = st.one_of(
    st.sampled_from(CHARACTERS),
    st.just(""),
    st.lists(st.sampled_from(CHARACTERS + WORDS), max_size=30).map("".join),
)
