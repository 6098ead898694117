"""Bare pygls: a server without a single feature, the least that a server's start can cost."""

from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")

if __name__ == "__main__":
    server.start_io()
