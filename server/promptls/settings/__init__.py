"""One typed model of every setting, read from files and clients."""

from promptls.settings.layer import Layer
from promptls.settings.model import (
    BudgetLimit,
    BudgetSettings,
    CodeLensSettings,
    FileRule,
    HintSettings,
    MachineSettings,
    Settings,
)
from promptls.settings.store import Resolved, ResolvedMachine, SettingsStore

__all__ = [
    "BudgetLimit",
    "BudgetSettings",
    "CodeLensSettings",
    "FileRule",
    "HintSettings",
    "Layer",
    "MachineSettings",
    "Resolved",
    "ResolvedMachine",
    "Settings",
    "SettingsStore",
]
