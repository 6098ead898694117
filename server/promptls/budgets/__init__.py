"""Model profiles, estimates, chat framing, and budgets turned into findings."""

from promptls.budgets.estimate import TokenEstimate, estimate, ratio_to
from promptls.budgets.evaluate import (
    BudgetPolicy,
    DocumentFigures,
    Evaluation,
    SectionFigures,
    budget_use,
    evaluate,
    judge_reference,
)
from promptls.budgets.families import Ratio
from promptls.budgets.framing import ChatFraming, framing
from promptls.budgets.messages import unknown_model
from promptls.budgets.names import model_name
from promptls.budgets.price import format_usd, input_cost
from promptls.budgets.profile import ModelProfile, UnknownModel, model_to_json
from promptls.budgets.registry import find_profile, list_models
from promptls.budgets.thresholds import BudgetUse, limit_tokens

__all__ = [
    "BudgetPolicy",
    "BudgetUse",
    "ChatFraming",
    "DocumentFigures",
    "Evaluation",
    "ModelProfile",
    "Ratio",
    "SectionFigures",
    "TokenEstimate",
    "UnknownModel",
    "budget_use",
    "estimate",
    "evaluate",
    "find_profile",
    "format_usd",
    "framing",
    "input_cost",
    "judge_reference",
    "limit_tokens",
    "list_models",
    "model_name",
    "model_to_json",
    "ratio_to",
    "unknown_model",
]
