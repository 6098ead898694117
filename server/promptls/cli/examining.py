"""Reads one document after the other, counts it and judges it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from promptls.cli.places import Roots, shown_path
from promptls.cli.reading import Content, Refused, read_file, read_stdin
from promptls.cli.references import References
from promptls.cli.selection import Source
from promptls.findings import CATALOGUE, Finding, Range
from promptls.prompts.dialects import detect, is_prompt_document, is_prompt_path
from promptls.references.files.uris import from_uri
from promptls.report.analysis import Analysis, analyse, resolve_context
from promptls.report.build import build, draft
from promptls.report.declared import DeclaredReader
from promptls.report.document import PromptDocument
from promptls.report.model import Report
from promptls.settings import FileRule, Layer, Resolved, Settings, SettingsStore
from promptls.settings.globs import matches
from promptls.tokens.encodings import DEFAULT_ENCODING
from promptls.tokens.engine import Engine, EngineChoice
from promptls.tokens.errors import TokenError
from promptls.tokens.service import TokenCountingService
from promptls.tokens.vocabularies import VocabularySource

_DIRECTIVE = "promptls:"
"""What every directive holds."""
_NATIVE_REFERENCE = re.compile(r"@\w+:")
"""What every native reference holds, whatever package brings its kind."""
_NOT_COUNTED = "tokens/not-counted"


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a document."""

    report: Report
    settings: Settings
    settings_problems: Mapping[Path, tuple[Finding, ...]]
    """By settings file that counts for the document."""
    failure: str = ""
    """Why it could not be counted, in words; then the report has no figures."""


class Examination(NamedTuple):
    """A document, and what is known of it."""

    examined: Examined
    analysis: Analysis | None
    """None when it could not be counted."""
    root: Path | None
    """The folder that its references count from, where something marks one."""


class PatientService(TokenCountingService):
    """Tries an encoding that cannot be had once, and not again for every document."""

    def __init__(self, engine: EngineChoice, source: VocabularySource) -> None:
        super().__init__(engine, source)
        self._failed: dict[str, TokenError] = {}

    def engine(self, encoding: str = DEFAULT_ENCODING) -> Engine:
        """See TokenCountingService."""
        if encoding in self._failed:
            raise self._failed[encoding]
        try:
            return super().engine(encoding)
        except TokenError as error:
            self._failed[encoding] = error
            raise


class Examiner:
    """Examines one document after the other, all by the same settings, service and options."""

    def __init__(
        self,
        store: SettingsStore,
        service: TokenCountingService,
        roots: Roots,
        current: Path,
        references: References | None = None,
        overrides: Sequence[Layer] = (),
    ) -> None:
        """Without `references` none is looked up."""
        self._store = store
        self._service = service
        self._roots = roots
        self._current = current
        self._references = references
        self._overrides = overrides
        self._rules: dict[Path, tuple[FileRule, ...]] = {}

    def accepts(self, path: Path) -> bool:
        """Whether a walk takes a file: by its name, or because a `[[files]]` rule claims it."""
        folder = path.parent
        if is_prompt_path(path, self._roots.of_folder(folder)):
            return True
        if folder not in self._rules:
            self._rules[folder] = self._resolve(path).settings.files
        return any(
            rule.folder is not None and matches(rule.glob, rule.folder, path)
            for rule in self._rules[folder]
        )

    def examine(self, source: Source) -> Examined:
        """Count and judge a document. Raises nothing: what fails is told in the result."""
        return self.analyse(source).examined

    def analyse(self, source: Source) -> Examination:
        """Examine a document, and give all that was found on the way."""
        return self._analysed(source, _read(source))

    def examine_prompt(self, source: Source) -> Examined | None:
        """Examine a prompt document; None for any other file."""
        content = _read(source)
        if not self._is_prompt(source.path, content):
            return None
        return self._analysed(source, content).examined

    def _analysed(self, source: Source, content: Content | Refused) -> Examination:
        root = self._root(source.path)
        if isinstance(content, Refused):
            message = content.finding.message
            return Examination(self._uncounted(source, "", content.finding, message), None, root)
        try:
            analysis = analyse(
                content.text,
                source.name,
                self._service,
                self._store,
                path=source.path,
                root=root,
                overrides=self._overrides,
                resolve=None if self._references is None else self._references.within(root),
            )
        except TokenError as error:
            severity = CATALOGUE[_NOT_COUNTED].severity
            finding = Finding(_NOT_COUNTED, severity, Range.of(0, 0, 0, 0), str(error))
            examined = self._uncounted(source, content.text, finding, str(error))
            return Examination(examined, None, root)
        report, resolved = analysis.report, analysis.context.resolved
        settings = resolved.settings
        of_bytes = [one for one in content.findings if not settings.ignores(one.code)]
        findings = (*of_bytes, *(self._named(one) for one in report.findings))
        examined = Examined(replace(report, findings=findings), settings, resolved.problems)
        return Examination(examined, analysis, root)

    def _named(self, finding: Finding) -> Finding:
        """The finding with files called by their paths, as output calls them."""
        if not finding.related:
            return finding
        related = tuple(replace(one, uri=self._name(one.uri)) for one in finding.related)
        return replace(finding, related=related)

    def _name(self, uri: str | None) -> str | None:
        path = None if uri is None else from_uri(uri)
        return uri if path is None else shown_path(Path(path), self._current)

    def _uncounted(self, source: Source, text: str, finding: Finding, failure: str) -> Examined:
        root = self._root(source.path)
        document = PromptDocument(text, detect(source.path, root=root))
        document.outline.settle()
        context = resolve_context(
            document,
            DeclaredReader(document),
            self._store,
            source.path,
            root,
            overrides=self._overrides,
        )
        report = replace(
            build(draft(document, context, source.name)),
            pending=0,
            sections=(),
            findings=(finding,),
        )
        return Examined(report, context.resolved.settings, context.resolved.problems, failure)

    def _is_prompt(self, path: Path | None, content: Content | Refused) -> bool:
        resolved = self._resolve(path)
        text = content.text if isinstance(content, Content) else ""
        return is_prompt_document(
            path,
            self._root(path),
            None,
            markdown=resolved.settings.markdown,
            has_directive=_is_marked(text, path, self._root(path)),
            configured=resolved.rule is not None,
        )

    def _resolve(self, path: Path | None) -> Resolved:
        return self._store.for_document(path, self._root(path), overrides=self._overrides)

    def _root(self, path: Path | None) -> Path | None:
        if path is not None:
            return self._roots.of_folder(path.parent)
        # The references of a text without a name count from where we are.
        return self._roots.of_folder(self._current) or self._current


def _is_marked(text: str, path: Path | None, root: Path | None) -> bool:
    """Whether a text says itself that it is a prompt: by a directive or a native reference."""
    if _DIRECTIVE not in text and _NATIVE_REFERENCE.search(text) is None:
        return False
    document = PromptDocument(text, detect(path, root=root))
    document.outline.settle()
    return DeclaredReader(document).read().has_directive or any(
        reference.form == "native"
        for place in document.placed()
        for reference in place.mark.references
    )


def _read(source: Source) -> Content | Refused:
    if source.is_stdin or source.path is None:
        return read_stdin()
    return read_file(source.path)
