"""One typed model of every setting, read from files and clients."""

from promptls.settings.layer import Layer
from promptls.settings.model import (
    BudgetLimit,
    BudgetSettings,
    CodeLensSettings,
    DatabaseSettings,
    EndpointSettings,
    FileRule,
    HintSettings,
    LimitSettings,
    MachineSettings,
    ReferenceSettings,
    Settings,
    TtlRule,
)
from promptls.settings.store import Resolved, ResolvedMachine, SettingsStore

__all__ = [
    "BudgetLimit",
    "BudgetSettings",
    "CodeLensSettings",
    "DatabaseSettings",
    "EndpointSettings",
    "FileRule",
    "HintSettings",
    "Layer",
    "LimitSettings",
    "MachineSettings",
    "ReferenceSettings",
    "Resolved",
    "ResolvedMachine",
    "Settings",
    "SettingsStore",
    "TtlRule",
]
