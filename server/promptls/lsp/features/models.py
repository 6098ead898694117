"""`promptls/models`: the models that are known, for a client to choose from."""

from __future__ import annotations

import asyncio
from typing import Any

from promptls.budgets import list_models, model_to_json
from promptls.lsp.features.table import MODELS, FeatureTable
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(MODELS)
    async def models(params: object) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        # The data of all models is read at the first request: 0.1 s.
        found = await loop.run_in_executor(session.counting.executor, list_models)
        return {"models": [model_to_json(model) for model in found]}
