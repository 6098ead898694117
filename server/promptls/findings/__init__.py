"""What is worth telling: findings and the catalogue of their codes."""

from promptls.findings.catalogue import CATALOGUE, Code
from promptls.findings.model import Finding, Fix, Position, Range, Related, Severity

__all__ = ["CATALOGUE", "Code", "Finding", "Fix", "Position", "Range", "Related", "Severity"]
