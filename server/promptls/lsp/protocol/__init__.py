"""The Language Server Protocol, hardened: pygls's features over a transport of our own.

Import from the modules: `server` (what to build on), `serving` (how to start it), `dispatch`
(`DEFER`, `InvalidParams`), `collector` and `logs` (both light: no pygls).
"""
