from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptls.references.policy import AccessPolicy, secret_reason


@pytest.mark.parametrize(
    "path",
    [
        *("/w/.env", "/w/.ENV", "/w/.env.local", "/w/.env.production", "/w/.envrc", "/w/prod.env"),
        *("/w/.env_prod", "/w/server.pem", "/w/tls.key", "/w/a.P12", "/w/store.jks", "/w/x.pfx"),
        *("/w/id_rsa", "/w/id_rsa.bak", "/w/id_ed25519", "/w/id_ed25519_sk", "/w/id_rsa_work"),
        *("/w/.netrc", "/w/_netrc", "/w/.npmrc", "/w/.pypirc", "/w/.git-credentials"),
        *("/w/credentials", "/w/credentials.json", "/w/service-account-x.json", "/w/.pgpass"),
        *("/w/.git/config", "/h/.ssh/config", "/h/.aws/x.md", "/h/.gnupg/a/b.txt", "/h/.SSH/a"),
        *("/h/.bash_history", "/w/terraform.tfstate", "/w/.docker/config.json", "/h/.kube/config"),
        "C:\\w\\.ssh\\config",
    ],
)
def test_names_that_are_refused(path: str) -> None:
    assert secret_reason(path)


@pytest.mark.parametrize(
    "path",
    [
        *("/w/.env.example", "/w/.env.sample", "/w/.ENV.Template", "/w/env.md", "/w/.environment"),
        *("/w/id_rsa.pub", "/w/id_card.md", "/w/keys.md", "/w/key", "/w/monkey.md", "/w/pem.txt"),
        *("/w/credentials.md", "/w/.github/prompts/x.md", "/w/.gitignore", "/w/.git", "/w/a.git/x"),
        *("/w/.claude/CLAUDE.md", "/w/ssh/notes.md", "/w/aws/x.md", "/w/.npmrc.md"),
    ],
)
def test_names_that_are_read(path: str) -> None:
    assert secret_reason(path) is None


def test_what_lies_in_the_roots(tmp_path: Path) -> None:
    work, other, third = tmp_path / "work", tmp_path / "other", tmp_path / "third"
    for trusted, expected in ((True, None), (False, "it lies outside of the workspace")):
        policy = AccessPolicy((work,), (other,), trusted=trusted)
        assert policy.refusal(f"{work}/a/b.md") is None
        refusal = policy.refusal(f"{other}/b.md")
        assert (refusal and refusal.reason) == expected
        outside = policy.refusal(f"{third}/b.md")
        assert outside is not None
        assert "allowedRoots" in outside.way_out
        assert ("is trusted" in outside.way_out) != trusted
        assert policy.refusal(f"{third}/b.md", str(third)) is None
        # A folder whose name only begins like a root's.
        assert policy.refusal(f"{work}-secret/b.md") is not None
        assert policy.refusal(f"{work}/.env") is not None
        assert policy.refusal(f"{work}/.env", secrets=True) is None


def test_roots_are_followed_through_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    policy = AccessPolicy((link,))
    assert policy.refusal(f"{real}/a.md") is None
    assert policy.outside(f"{link}/a.md") is None
    assert policy.outside(f"{real}/a.md") is None
    assert policy.outside(os.path.realpath(tmp_path)) is not None
    assert policy.relative(f"{real}/a/b.md") == "a/b.md"
    assert policy.relative("/elsewhere/b.md") == "/elsewhere/b.md"


def test_a_root_inside_of_another_names_its_files(tmp_path: Path) -> None:
    policy = AccessPolicy((tmp_path, tmp_path / "inner"))
    assert policy.relative(f"{tmp_path}/inner/a.md") == "a.md"
    assert policy.relative(f"{tmp_path}/a.md") == "a.md"


def test_the_file_system_root_may_be_a_root() -> None:
    policy = AccessPolicy((Path("/"),))
    assert policy.refusal("/etc/hosts") is None
    assert policy.outside("/etc/hosts") is None
    assert policy.relative("/etc/hosts") == "etc/hosts"


def test_nothing_is_allowed_by_default() -> None:
    assert AccessPolicy().refusal("/w/a.md") is not None
    assert AccessPolicy().outside("/w/a.md") is not None
