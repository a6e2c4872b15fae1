"""One person of the plan as rows: login, graduate, claim, evidence, verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

from stdnum.cn import ric

from webapp.domain.dates import CITY, start_of_day
from webapp.domain.degrees import Degree
from webapp.domain.evidence import Grade, evidence_type, strongest
from webapp.domain.postings import Kind
from webapp.domain.programme import unit_of
from webapp.domain.retention import Cause, ClaimState
from webapp.domain.roles import Role
from webapp.services.city import plan as fates
from webapp.services.city.bulk import Row
from webapp.services.city.cast import MARK, UNUSABLE, Firm, Office, fields_of, made_name, schools
from webapp.services.city.plan import AS_OF, AWAY, DEGREES, NO_CLAIM, OUTCOMES, Plan, day, instant

_CODES, _LEVELS = [*OUTCOMES], [*DEGREES]
_AGE, _YEAR = 22, 365
_CONTAINER = "420101"
"""市辖区 is a container, not a place: no identity number begins with it."""
_OWN = {"75", "76"}
_ELSEWHERE = {"80": "升学院校", "85": "境外院校", "46": "部队", AWAY: "外地有限公司"}
_PAY = {Degree.ASSOCIATE: 4_500, Degree.BACHELOR: 6_000, Degree.MASTER: 9_000, Degree.DOCTOR: 15_000}
_PROOFS: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "11": (
        (25, ("social_insurance",)),
        (40, ("labour_contract", "social_insurance")),
        (100, ("labour_contract",)),
    ),
    "10": ((30, ("agreement", "social_insurance")), (100, ("agreement", "labour_contract"))),
    "12": ((30, ("pay_slips", "social_insurance")), (100, ("employment_certificate", "pay_slips"))),
    "27": ((100, ("appointment",)),),
    "51": ((100, ("project_agreement",)),),
    "75": ((80, ("business_licence",)), (100, ("shop_records",))),
    "76": ((60, ("flexible_insurance",)), (100, ("tax_record",))),
}
_CAUSES = (Cause.R4,) * 9 + (Cause.R3,) * 4 + (Cause.R7,) * 3 + (Cause.R1,) * 2 + (Cause.R2, Cause.R6)
_STATES = {
    fates.WAITING: ClaimState.EVIDENCED,
    fates.CLAIMED: ClaimState.CLAIMED,
    fates.RETURNED: ClaimState.RETURNED,
    fates.PROVISIONAL: ClaimState.PROVISIONAL,
}


@dataclass(frozen=True)
class Person:
    """Everything the city says about one person; ids follow from ``index``."""

    plan: Plan
    index: int
    firms: Sequence[Firm]
    office: Office
    officers: int

    @cached_property
    def dice(self) -> int:
        """A large number from which small choices are drawn."""
        return int(self.plan.dice[self.index])

    @cached_property
    def fate(self) -> int:
        """How far the claim has come."""
        return int(self.plan.fate[self.index])

    @cached_property
    def code(self) -> str:
        """The planned outcome: a MOE code, work elsewhere, or nothing said."""
        return _CODES[int(self.plan.outcome[self.index])]

    @property
    def id(self) -> int:
        """The number of the graduate and of the claim."""
        return self.index + 1

    @property
    def user_id(self) -> int:
        """The number of the login."""
        return self.officers + self.id

    @cached_property
    def name(self) -> str:
        """A made-up name that says so."""
        return made_name(self.dice)

    @cached_property
    def identity_number(self) -> str:
        """A number with a true check digit of an area that issues none."""
        return self.number_of_somebody()

    def number_of_somebody(self, *, older: int = 0) -> str:
        """Return the number of the person's double, so many years older, of whom the city knows nothing."""
        cohort, place = int(self.plan.cohort[self.index]), int(self.plan.place[self.index])
        born = date(cohort - _AGE - older, 1, 1) + timedelta(days=place % _YEAR)
        body = f"{_CONTAINER}{born:%Y%m%d}{place // _YEAR:03}"
        return body + str(ric.calc_check_digit(f"{body}0"))

    @cached_property
    def degree(self) -> Degree:
        """The degree taken."""
        return _LEVELS[int(self.plan.degree[self.index])]

    @cached_property
    def school(self) -> str:
        """The institution's code; the first of the list are the largest."""
        listed = schools(self.degree)
        return listed[min(self.dice % len(listed), self.dice // 97 % len(listed))]

    @cached_property
    def major(self) -> str:
        """The major's name."""
        listed = fields_of(self.degree)
        return listed[self.dice // 7 % len(listed)]

    @cached_property
    def graduated_on(self) -> date:
        """The day of graduation."""
        return day(self.plan.graduated[self.index])

    @cached_property
    def started_on(self) -> date:
        """The day the outcome began."""
        return day(self.plan.started[self.index])

    @cached_property
    def known_at(self) -> datetime:
        """When the claim was decided, or would have been."""
        return instant(self.plan.known[self.index])

    @cached_property
    def firm(self) -> Firm:
        """The employer, for those who have one."""
        return self.firms[int(self.plan.employer[self.index])]

    @cached_property
    def place(self) -> str | None:
        """District or zone of the work, nothing outside the city."""
        return None if self.code in _ELSEWHERE else self.firm.place

    @cached_property
    def unit(self) -> str | None:
        """The unit that reported for the place on the first day."""
        return unit_on(self.place, self.started_on) if self.place else None

    @cached_property
    def pay(self) -> int:
        """Monthly pay, above the minimum wage."""
        return _PAY[self.degree] * (75 + self.dice // 11 % 120) // 100

    @cached_property
    def proofs(self) -> tuple[str, ...]:
        """The evidence types handed in."""
        if self.fate == fates.CLAIMED or self.code not in _PROOFS:
            return ()
        if self.fate == fates.PROVISIONAL:
            return ("agreement",)
        draw = self.dice // 13 % 100
        return next(types for most, types in _PROOFS[self.code] if draw < most)

    @cached_property
    def grade(self) -> Grade | None:
        """The strongest evidence."""
        return strongest(evidence_type(one).grade for one in self.proofs)

    @cached_property
    def verifiers(self) -> list[int]:
        """The officers who approve: two where the evidence is of grade C."""
        team = self.office.by_unit[self.unit or "420102"]
        first = self.dice // 17 % len(team)
        both = [team[first], team[(first + 1) % len(team)]]
        return both if self.grade is Grade.C else both[:1]

    @cached_property
    def reversed_at(self) -> datetime | None:
        """When the count was taken back, if it was."""
        after = int(self.plan.reversed_after[self.index])
        if self.fate != fates.COUNTED or not after:
            return None
        at = self.known_at + timedelta(days=after)
        return at if at.astimezone(CITY).date() <= AS_OF else None

    @cached_property
    def cause(self) -> Cause:
        """Why it was taken back."""
        return _CAUSES[self.dice // 19 % len(_CAUSES)]

    @cached_property
    def state(self) -> ClaimState:
        """The state of the claim on the last day."""
        if self.reversed_at:
            return ClaimState.REVERSED
        if self.fate != fates.COUNTED:
            return _STATES[self.fate]
        if self.dice % 997 == 0:
            return ClaimState.DISPUTED
        return ClaimState.CONFIRMED if self.grade is Grade.A else ClaimState.COUNTED

    @cached_property
    def ended_on(self) -> date | None:
        """The last day at work, if it has come."""
        after = int(self.plan.left_after[self.index])
        ended = self.started_on + timedelta(days=after)
        return ended if after and ended <= AS_OF else None

    @cached_property
    def has_claim(self) -> bool:
        """Say whether anything was claimed."""
        return self.fate != fates.NOTHING and self.code != NO_CLAIM

    @cached_property
    def has_identity(self) -> bool:
        """Say whether an identity number was handed in."""
        return self.has_claim or self.dice // 23 % 3 > 0

    def login(self) -> Row:
        """Return the row of the login."""
        return {
            "id": self.user_id,
            "role": Role.GRADUATE,
            "name": self.name,
            "email": f"graduate{self.id:07}@city.example.com",
            "password_hash": UNUSABLE,
            "is_active": True,
            "session_version": 1,
            "created_at": self.registered_at,
        }

    @property
    def registered_at(self) -> datetime:
        """When the person registered: before graduating."""
        return start_of_day(self.graduated_on - timedelta(days=90 + self.dice % 60))

    def graduate(self, person_key: str | None, resume: Row | None = None) -> Row:
        """Return the row of the graduate; who has a resume studied what it says and can be found."""
        said: Row = resume or {
            "major_name": self.major,
            "wanted": [],
            "kinds": [Kind.JOB.value],
            "pay_min": None,
        }
        checked = self.graduated_on + timedelta(days=10)
        verified = checked <= AS_OF and (self.fate == fates.COUNTED or self.dice // 29 % 20 > 0)
        return {
            "id": self.id,
            "user_id": self.user_id,
            "name": self.name,
            "institution_code": self.school,
            "degree": self.degree,
            "graduation_on": self.graduated_on,
            "person_key": person_key,
            "degree_verified_on": checked if verified else None,
            "degree_verified_by_id": self.office.city[0] if verified else None,
            **{name: said[name] for name in ("major_name", "wanted", "kinds", "pay_min")},
            "districts": [],
            "clusters": [],
            "searchable": resume is not None,
            "personalised": True,
            "created_at": self.registered_at,
        }

    def placement(self, period_id: str | None) -> Row:
        """Return the row of the claim."""
        own, elsewhere = self.code in _OWN, _ELSEWHERE.get(self.code)
        counted = self.fate == fates.COUNTED
        return {
            "id": self.id,
            "graduate_id": self.id,
            "employer_id": None if own or elsewhere else int(self.plan.employer[self.index]) + 1,
            "employer_name": f"{MARK}{elsewhere}" if elsewhere else None,
            "outcome_code": "11" if self.code == AWAY else self.code,
            "state": self.state,
            "started_on": self.started_on,
            "ended_on": self.ended_on,
            "district": self.place,
            "unit": self.unit,
            "pay": self.pay,
            "cluster": None if own or elsewhere else self.firm.cluster,
            "claimed_by_id": self.user_id,
            "claimed_by_role": Role.GRADUATE,
            "state_since_at": self.reversed_at or (self.known_at if counted else self.claimed_at),
            "return_reason": "请补充盖章的劳动合同" if self.state is ClaimState.RETURNED else None,
            "grade": self.grade if counted else None,
            "reversal_cause": self.cause if self.reversed_at else None,
            "reversal_asked_by_id": self.office.city[1] if self.reversed_at else None,
            "period_id": period_id if counted else None,
            "created_at": self.claimed_at,
        }

    @property
    def claimed_at(self) -> datetime:
        """When the outcome was claimed: the evening of its first day."""
        return start_of_day(self.started_on) + timedelta(hours=11)

    def evidence(self) -> list[Row]:
        """Return the rows of the evidence, without ids."""
        return [
            {
                "placement_id": self.id,
                "type": key,
                "grade": evidence_type(key).grade,
                "issuer": evidence_type(key).issuer,
                "method": "import",
                "valid_from_on": self.started_on,
                "submitted_by_id": self.user_id,
                "created_at": self.claimed_at,
            }
            for key in self.proofs
        ]

    def verdicts(self) -> list[Row]:
        """Return what officers have said, without ids."""
        returned = self.fate == fates.RETURNED
        if self.fate not in {fates.COUNTED, fates.PROVISIONAL, fates.RETURNED}:
            return []
        speakers = self.verifiers if self.fate == fates.COUNTED else self.verifiers[:1]
        return [
            {
                "placement_id": self.id,
                "verifier_id": officer,
                "round": 1,
                "approved": not returned,
                "reason": "请补充盖章的劳动合同" if returned else None,
                "at": self.known_at,
            }
            for officer in speakers
        ]


@lru_cache(maxsize=100_000)
def unit_on(place: str, on: date) -> str | None:
    """Return the unit that reports for a place on a day."""
    return unit_of(place, on)
