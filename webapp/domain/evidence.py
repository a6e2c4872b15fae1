"""Evidence of an outcome: its grades, what each may prove, and who may judge it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from webapp.domain.errors import PlatformError
from webapp.domain.programme import outcome_code, read_table
from webapp.domain.words import N_


class Grade(StrEnum):
    """Strength of evidence (DOMAIN 1.4): A administrative, B contractual, C documentary, D said."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


LABELS: Mapping[Grade, str] = {
    Grade.A: N_("A 级 · 行政记录"),
    Grade.B: N_("B 级 · 合同协议"),
    Grade.C: N_("C 级 · 证明材料"),
    Grade.D: N_("D 级 · 本人说明"),
}

VERIFIERS: Mapping[Grade, int] = {Grade.A: 1, Grade.B: 1, Grade.C: 2}
"""How many different officers must approve; D never counts, whoever approves it."""


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """One kind of paper: its grade, who issues it and which outcome codes it can prove."""

    key: str
    name: str
    grade: Grade
    issuer: str
    outcome_codes: frozenset[str]
    note: str


class EvidenceUnknown(PlatformError):
    """A type that is not in the table is never guessed."""

    message = N_("没有“%(type)s”这种证明材料。请从列表中选择一种。")


class EvidenceNotFitting(PlatformError):
    """The paper exists, but proves nothing for this outcome."""

    message = N_("“%(type)s”不能证明“%(outcome)s”。请换一种证明材料。")


class VerifierInvolved(PlatformError):
    """The verifier made the claim, handed in the evidence or belongs to the employer."""

    message = N_("您与这条去向有关（填报人、材料提交人或该单位成员），不能核验。请由其他核验人处理。")


@cache
def evidence_types() -> Mapping[str, EvidenceType]:
    """Return all evidence types by key (data/programme/evidence_types.json)."""
    return {
        row["id"]: EvidenceType(
            key=row["id"],
            name=row["name"],
            grade=Grade(row["grade"]),
            issuer=row["issuer"],
            outcome_codes=frozenset(row["outcome_codes"]),
            note=row["note"],
        )
        for row in read_table("evidence_types.json")["types"]
    }


def evidence_type(key: str) -> EvidenceType:
    """Return one type or raise :class:`EvidenceUnknown`."""
    found = evidence_types().get(key)
    if found is None:
        raise EvidenceUnknown(type=key)
    return found


def types_for(code: str) -> list[EvidenceType]:
    """Return the types that can prove an outcome code, strongest first."""
    fitting = [one for one in evidence_types().values() if code in one.outcome_codes]
    return sorted(fitting, key=lambda one: one.grade)


def check_fitting(key: str, code: str) -> EvidenceType:
    """Return the type if it can prove the outcome; statements of grade D are taken but prove nothing."""
    found = evidence_type(key)
    if found.grade is not Grade.D and code not in found.outcome_codes:
        outcome = outcome_code(code)
        raise EvidenceNotFitting(type=found.name, outcome=outcome.name if outcome else code)
    return found


def strongest(grades: Iterable[Grade]) -> Grade | None:
    """Return the best grade, ``None`` without evidence."""
    return min(grades, default=None)


def check_independent(
    verifier: int, *, claimant: int, submitters: Collection[int], members: Collection[int]
) -> None:
    """Refuse a verifier who is the claimant, handed in evidence, or is a member of the employer."""
    if verifier == claimant or verifier in submitters or verifier in members:
        raise VerifierInvolved
