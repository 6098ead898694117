from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.references.variables import looks_secret, mask
from promptls.references.variables.secrets import DOTS

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("project", "Atlas", False),
        ("api_key", "x", True),
        ("apiKey", "x", True),
        ("OPENAI_API_KEY", "x", True),
        ("openai.apikey", "x", True),
        ("env:GITHUB_TOKEN", "x", True),
        ("token", "x", True),
        ("client-secret", "x", True),
        ("db_password", "hunter2", True),
        ("dbPassword2", "hunter2", True),
        ("aws.credentials", "x", True),
        ("api_key", "", False),
        ("password", "  ", False),
        ("keyboard", "qwerty", False),
        ("keywords", "a, b", False),
        ("key_points", "three of them", False),
        ("monkey", "George", False),
        ("author", "me", False),
        ("max_tokens", "4096", False),
        ("token_limit", "4096", False),
        ("max-token-count", "4096", False),
        ("secretary", "Ms Moneypenny", False),
        ("x", "sk-proj-abcdefghij0123456789", True),
        ("x", f"use sk-ant-{'a1B2' * 6} here", True),
        ("x", "ghp_0123456789abcdefABCDEF0123456789abcd", True),
        ("x", "sk-short", False),
        ("x", "AKIAIOSFODNN7EXAMPLE", True),
        ("x", "ASIA-PACIFIC-REGION-SOUTH-EAST", False),
        ("x", "xoxb-123456789012-abcdefABCDEF", True),
        ("x", "task-force-of-the-north-and-south", False),
        ("x", JWT, True),
        ("x", f"Bearer {JWT}", True),
        ("x", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", True),
        ("x", "-----BEGIN CERTIFICATE-----\nMIIE\n", False),
        ("x", "postgresql://me:hunter2@db.example.com/x", True),
        ("x", "https://example.com:8080/a?b=c@d", False),
        ("x", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", True),
        ("x", "Basic dXNlcjpwYXNzd29yZDEyMzQ1Ng==", True),
        ("x", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", True),
        ("x", "0" * 64, False),
        ("x", "docs/guides/getting-started-with-agents", False),
        ("x", "AVeryLongClassNameWithoutAnyDigits", False),
        ("config", '{"db":{"password":"hunter2"}}', True),
        ("config", '{"password":null,"user":"x"}', False),
        ("config", '{"user":"x"}', False),
    ],
)
def test_what_looks_secret(name: str, value: str, expected: bool) -> None:
    assert looks_secret(name, value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("hunter2", DOTS),
        ("x" * 500, DOTS),
        ("sk-proj-abcdef", f"sk-{DOTS}"),
        ("ghp_0123", f"ghp_{DOTS}"),
        ("AKIAIOSFODNN7EXAMPLE", f"AKIA{DOTS}"),
        ("AKIA", DOTS),
    ],
)
def test_masks(value: str, expected: str) -> None:
    assert mask(value) == expected


@given(st.text(max_size=20), st.text(max_size=200))
def test_any_value_is_judged(name: str, value: str) -> None:
    looks_secret(name, value)
    assert mask(value).endswith(DOTS)
