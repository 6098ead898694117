"""What VS Code says of itself: vscode-languageclient 9.0 (VS Code 1.82 and later), written out.

The sets of kinds (symbols, completion items, code actions) are shortened to what matters here.
"""

from __future__ import annotations

from typing import Any

DYNAMIC = {"dynamicRegistration": True}
_SYMBOL_KINDS = {"valueSet": list(range(1, 27))}
_SEMANTIC_TOKENS: dict[str, Any] = {
    "dynamicRegistration": True,
    "tokenTypes": ["namespace", "type", "class", "enum", "string", "keyword", "comment"],
    "tokenModifiers": ["declaration", "definition", "readonly", "static"],
    "formats": ["relative"],
    "requests": {"range": True, "full": {"delta": True}},
    "multilineTokenSupport": False,
    "overlappingTokenSupport": False,
    "serverCancelSupport": True,
    "augmentsSyntaxTokens": True,
}

WORKSPACE: dict[str, Any] = {
    "applyEdit": True,
    "workspaceEdit": {
        "documentChanges": True,
        "resourceOperations": ["create", "rename", "delete"],
        "failureHandling": "textOnlyTransactional",
        "normalizesLineEndings": True,
        "changeAnnotationSupport": {"groupsOnLabel": True},
    },
    "configuration": True,
    "didChangeConfiguration": DYNAMIC,
    "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
    "symbol": {
        "dynamicRegistration": True,
        "symbolKind": _SYMBOL_KINDS,
        "tagSupport": {"valueSet": [1]},
        "resolveSupport": {"properties": ["location.range"]},
    },
    "executeCommand": DYNAMIC,
    "workspaceFolders": True,
    "semanticTokens": {"refreshSupport": True},
    "codeLens": {"refreshSupport": True},
    "foldingRange": {"refreshSupport": True},
    "inlineValue": {"refreshSupport": True},
    "inlayHint": {"refreshSupport": True},
    "diagnostics": {"refreshSupport": True},
    "fileOperations": {
        "dynamicRegistration": True,
        "didCreate": True,
        "didRename": True,
        "didDelete": True,
        "willCreate": True,
        "willRename": True,
        "willDelete": True,
    },
}

TEXT_DOCUMENT: dict[str, Any] = {
    "publishDiagnostics": {
        "relatedInformation": True,
        "versionSupport": False,
        "tagSupport": {"valueSet": [1, 2]},
        "codeDescriptionSupport": True,
        "dataSupport": True,
    },
    "synchronization": {
        "dynamicRegistration": True,
        "willSave": True,
        "willSaveWaitUntil": True,
        "didSave": True,
    },
    "completion": {
        "dynamicRegistration": True,
        "contextSupport": True,
        "insertTextMode": 2,
        "completionItem": {
            "snippetSupport": True,
            "commitCharactersSupport": True,
            "documentationFormat": ["markdown", "plaintext"],
            "deprecatedSupport": True,
            "preselectSupport": True,
            "tagSupport": {"valueSet": [1]},
            "insertReplaceSupport": True,
            "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]},
            "insertTextModeSupport": {"valueSet": [1, 2]},
            "labelDetailsSupport": True,
        },
        "completionItemKind": {"valueSet": list(range(1, 26))},
        "completionList": {
            "itemDefaults": ["commitCharacters", "editRange", "insertTextFormat", "insertTextMode"]
        },
    },
    "hover": {"dynamicRegistration": True, "contentFormat": ["markdown", "plaintext"]},
    "signatureHelp": {
        "dynamicRegistration": True,
        "contextSupport": True,
        "signatureInformation": {
            "documentationFormat": ["markdown", "plaintext"],
            "parameterInformation": {"labelOffsetSupport": True},
            "activeParameterSupport": True,
        },
    },
    "definition": {"dynamicRegistration": True, "linkSupport": True},
    "references": DYNAMIC,
    "documentHighlight": DYNAMIC,
    "documentSymbol": {
        "dynamicRegistration": True,
        "symbolKind": _SYMBOL_KINDS,
        "hierarchicalDocumentSymbolSupport": True,
        "tagSupport": {"valueSet": [1]},
        "labelSupport": True,
    },
    "codeAction": {
        "dynamicRegistration": True,
        "isPreferredSupport": True,
        "disabledSupport": True,
        "dataSupport": True,
        "resolveSupport": {"properties": ["edit"]},
        "codeActionLiteralSupport": {
            "codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source"]}
        },
        "honorsChangeAnnotations": True,
    },
    "codeLens": DYNAMIC,
    "formatting": DYNAMIC,
    "rangeFormatting": {"dynamicRegistration": True, "rangesSupport": True},
    "onTypeFormatting": DYNAMIC,
    "rename": {
        "dynamicRegistration": True,
        "prepareSupport": True,
        "prepareSupportDefaultBehavior": 1,
        "honorsChangeAnnotations": True,
    },
    "documentLink": {"dynamicRegistration": True, "tooltipSupport": True},
    "typeDefinition": {"dynamicRegistration": True, "linkSupport": True},
    "implementation": {"dynamicRegistration": True, "linkSupport": True},
    "colorProvider": DYNAMIC,
    "foldingRange": {
        "dynamicRegistration": True,
        "rangeLimit": 5000,
        "lineFoldingOnly": True,
        "foldingRangeKind": {"valueSet": ["comment", "imports", "region"]},
        "foldingRange": {"collapsedText": False},
    },
    "declaration": {"dynamicRegistration": True, "linkSupport": True},
    "selectionRange": DYNAMIC,
    "callHierarchy": DYNAMIC,
    "semanticTokens": _SEMANTIC_TOKENS,
    "linkedEditingRange": DYNAMIC,
    "typeHierarchy": DYNAMIC,
    "inlineValue": DYNAMIC,
    "inlayHint": {
        "dynamicRegistration": True,
        "resolveSupport": {
            "properties": [
                "tooltip",
                "textEdits",
                "label.tooltip",
                "label.location",
                "label.command",
            ]
        },
    },
    "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False},
}

VSCODE: dict[str, Any] = {
    "workspace": WORKSPACE,
    "textDocument": TEXT_DOCUMENT,
    "window": {
        "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
        "showDocument": {"support": True},
        "workDoneProgress": True,
    },
    "general": {
        "staleRequestSupport": {
            "cancel": True,
            "retryOnContentModified": [
                "textDocument/semanticTokens/full",
                "textDocument/semanticTokens/range",
                "textDocument/semanticTokens/full/delta",
            ],
        },
        "regularExpressions": {"engine": "ECMAScript", "version": "ES2020"},
        "markdown": {"parser": "marked", "version": "1.1.0"},
        "positionEncodings": ["utf-16"],
    },
    "notebookDocument": {
        "synchronization": {"dynamicRegistration": True, "executionSummarySupport": True}
    },
}
"""The `capabilities` of its initialize request."""
