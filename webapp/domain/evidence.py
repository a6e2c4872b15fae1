"""Evidence of an outcome: its grades and what each may prove."""

from enum import StrEnum


class Grade(StrEnum):
    """Strength of evidence (DOMAIN 1.4): A administrative, B contractual, C documentary, D said."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
