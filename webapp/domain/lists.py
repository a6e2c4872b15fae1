"""Lists others keep of our people: what each may say, and what a row of it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.domain.errors import PlatformError
from webapp.domain.evidence import evidence_type
from webapp.domain.programme import Ruleset
from webapp.domain.retention import LIVE, ClaimState
from webapp.domain.words import N_


class ListKind(StrEnum):
    """The lists that can be read."""

    INSURANCE = "insurance"
    ROLL = "roll"
    OUTCOMES = "outcomes"
    LICENCES = "licences"
    FIGURES = "figures"


class MatchGrade(StrEnum):
    """How a row found its person: by the identity number, or by a likeness a human must judge."""

    EXACT = "exact"
    LIKENESS = "likeness"


class Finding(StrEnum):
    """What became of a row that found a person."""

    CONFIRMED = "confirmed"
    PROVED = "proved"
    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    KNOWN = "known"
    NO_CLAIM = "no_claim"
    OTHER_EMPLOYER = "other_employer"
    VERIFIED = "verified"
    CLAIMED = "claimed"
    DIFFERS = "differs"
    PROPOSED = "proposed"
    RECORDED = "recorded"


LABELS: Mapping[StrEnum, str] = {
    ListKind.INSURANCE: N_("社会保险参保名单"),
    ListKind.ROLL: N_("学校毕业生名册"),
    ListKind.OUTCOMES: N_("毕业去向登记表"),
    ListKind.LICENCES: N_("营业执照登记名单"),
    ListKind.FIGURES: N_("各区上报数"),
    MatchGrade.EXACT: N_("证件号码一致"),
    MatchGrade.LIKENESS: N_("姓名、学校和毕业年份一致，须人工核对"),
    Finding.CONFIRMED: N_("已计入，现有行政记录确认"),
    Finding.PROVED: N_("已附为 A 级证据，等另一名核验人核对"),
    Finding.COUNTED: N_("核对后已计入"),
    Finding.NOT_COUNTED: N_("按规则不能计入"),
    Finding.KNOWN: N_("以前已登记，没有新内容"),
    Finding.NO_CLAIM: N_("本人没有可对应的去向"),
    Finding.OTHER_EMPLOYER: N_("与填报的单位或时间不一致"),
    Finding.VERIFIED: N_("学历已核验"),
    Finding.CLAIMED: N_("已登记去向，待补材料"),
    Finding.DIFFERS: N_("与平台上的姓名或学历信息不一致"),
    Finding.PROPOSED: N_("疑似同一人，待人工核对"),
    Finding.RECORDED: N_("已登记，等另一名工作人员核对"),
}

KEPT = frozenset(Finding) - {Finding.KNOWN, Finding.NO_CLAIM, Finding.RECORDED}
"""Findings that are kept row by row; of the others only the number is."""


class ListRowRefused(PlatformError):
    """A row that says nothing usable; the message is the reason."""


class MakerChecks(PlatformError):
    """Whoever handed a list in wants to release it."""

    message = N_("名单由您提交，不能由您核对。请由另一名核验人核对后计入。")


class NothingToCheck(PlatformError):
    """A list that is still being read, or that proves nothing by itself."""

    message = N_("这份名单还没有读完，或没有等待核对的行。")


@dataclass(frozen=True, slots=True)
class Claim:
    """As much of a claim as lists look at."""

    id: int
    graduate_id: int
    code: str
    state: ClaimState
    started_on: date
    employer_name: str | None
    credit_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An administrative record of a person: what kind, of which employer, from when to when.

    ``own`` marks records that need no employer: insurance of the self-employed, a licence.
    """

    type: str
    employer_name: str | None
    credit_code: str | None
    first_on: date
    last_on: date | None
    own: bool = False

    def fits(self, claim: Claim, ruleset: Ruleset) -> bool:
        """Say whether this record proves that claim: kind of outcome, employer and time agree.

        Insurance begins at the latest ``insurance_lag_months`` after the first day at work.
        """
        if claim.code not in evidence_type(self.type).outcome_codes or not self._same_employer(claim):
            return False
        latest = _months(claim.started_on) + ruleset.insurance_lag_months
        ended = self.last_on is not None and _months(self.last_on) < _months(claim.started_on)
        return self.own or (_months(self.first_on) <= latest and not ended)

    def _same_employer(self, claim: Claim) -> bool:
        if self.own:
            return True
        if self.credit_code and claim.credit_code:
            return self.credit_code == claim.credit_code
        return bool(self.employer_name) and plain_name(self.employer_name) == plain_name(claim.employer_name)


def insured_months(first_on: date, last_on: date | None, on: date) -> int:
    """Return how many months somebody has been insured by a day, both ends included."""
    return _months(min(last_on or on, on)) - _months(first_on) + 1


def takes_proof(state: ClaimState) -> bool:
    """Say whether evidence can still do something for a claim."""
    return state in LIVE or state in {
        ClaimState.CLAIMED,
        ClaimState.EVIDENCED,
        ClaimState.PROVISIONAL,
        ClaimState.RETURNED,
    }


def plain_name(name: str | None) -> str:
    """Return an organisation's name as it is compared: no spaces, brackets of one width."""
    return "".join((name or "").split()).replace("(", "（").replace(")", "）")


def _months(day: date) -> int:
    return day.year * 12 + day.month
