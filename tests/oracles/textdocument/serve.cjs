// Applies content changes with the reference implementation of LSP text synchronisation.
//
// One JSON object a line on stdin: {"open": text} begins a document, {"changes": [...]} changes it
// (TextDocumentContentChangeEvent[], utf-16). Each is answered by one line, the text as JSON.
'use strict';

const { createInterface } = require('node:readline');
const { TextDocument } = require('vscode-languageserver-textdocument');

let document = TextDocument.create('test:document', 'markdown', 0, '');

createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  if (request.open === undefined) {
    TextDocument.update(document, request.changes, document.version + 1);
  } else {
    document = TextDocument.create('test:document', 'markdown', 0, request.open);
  }
  process.stdout.write(`${JSON.stringify(document.getText())}\n`);
});
