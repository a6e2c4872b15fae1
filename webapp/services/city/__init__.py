"""A made-up city of any size: graduates, employers, claims, evidence and a ledger that verifies."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import start_of_day
from webapp.domain.errors import PlatformError
from webapp.domain.identifiers import DocType, person_key
from webapp.domain.programme import rulesets
from webapp.domain.words import N_
from webapp.models import (
    Base,
    Employer,
    Evidence,
    FollowUp,
    FollowUpAnswer,
    Graduate,
    LedgerEntry,
    Officer,
    Period,
    Placement,
    Posting,
    Resume,
    User,
    Verification,
)
from webapp.services.city import plan as fates
from webapp.services.city.bulk import Bulk, Row
from webapp.services.city.cast import Firm, Office, draw_firms, draw_office, write_firms, write_officers
from webapp.services.city.entries import Scribe
from webapp.services.city.people import Person
from webapp.services.city.plan import AS_OF, Plan, draw_plan
from webapp.services.city.stays import stays_of
from webapp.services.city.supply import resume_row, write_postings
from webapp.services.city.texts import Texts
from webapp.services.closing import rebuild_sums
from webapp.services.followups import rebuild_totals
from webapp.services.funnel import rebuild_funnel

CHUNK = 10_000
PEOPLE_A_FIRM = 60
LEAST_FIRMS = 50
SECOND_DOCUMENT = 5_000
"""One person in so many has been found to hold a second document."""

_FILLED = (
    User, Graduate, Resume, Placement, Evidence, Verification, LedgerEntry, FollowUp, FollowUpAnswer,
)  # fmt: skip
_NUMBERED = (
    User, Officer, Employer, Posting, Graduate, Placement, Evidence, Verification, FollowUp, FollowUpAnswer,
)  # fmt: skip


class CityNotEmpty(PlatformError):
    """A made-up city is never mixed with anybody's data."""

    message = N_(
        "数据库里已经有数据，合成城市只能建在空库里。请换一个空的数据库（DATABASE_URL），迁移后再运行。"
    )


class NoPeriods(PlatformError):
    """The programme has not been loaded."""

    message = N_("还没有载入规划时期。请先运行 load-programme。")


@dataclass(frozen=True, slots=True)
class City:
    """Everything the city is drawn from; the last ``resumes`` of its people have a resume."""

    plan: Plan
    firms: list[Firm]
    office: Office
    officers: int
    texts: Texts
    resumes: int

    def person(self, index: int) -> Person:
        """Return the person with this place in the plan."""
        return Person(self.plan, index, self.firms, self.office, self.officers)

    def resume(self, person: Person) -> Row | None:
        """Return what the person's resume says, if there is one."""
        return self.texts.resume(person.id) if person.index >= len(self.plan) - self.resumes else None


@dataclass(slots=True)
class _Page:
    """The rows of some people, table by table; ``numbers`` gives ids to what follows from a claim."""

    numbers: Mapping[type[Base], Iterator[int]]
    rows: dict[type[Base], list[Row]] = field(default_factory=lambda: {model: [] for model in _FILLED})

    def put(self, person: Person, key: str, scribe: Scribe, resume: Row | None) -> None:
        """Take a person's rows, and the entries of the ledger that are due by then."""
        self.rows[User].append(person.login())
        self.rows[Graduate].append(person.graduate(key if person.has_identity else None, resume))
        if resume:
            self.rows[Resume].append(resume_row(person.id, resume, person.registered_at))
        if not person.has_claim:
            return
        self.rows[Placement].append(person.placement(scribe.period_of(person).id))
        proofs = self._numbered(Evidence, person.evidence())
        self._numbered(Verification, person.verdicts())
        if person.fate == fates.COUNTED:
            self.rows[LedgerEntry].extend(scribe.count(person, key, tuple(one["id"] for one in proofs)))
        if person.fate == fates.COUNTED and not person.reversed_at:
            self._follow(person, scribe.period_of(person))

    def _follow(self, person: Person, period: Period) -> None:
        for asked, said in stays_of(person, period, rulesets()[period.ruleset_id]):
            (written,) = self._numbered(FollowUp, [asked])
            if said:
                self._numbered(FollowUpAnswer, [{"follow_up_id": written["id"], **said}])

    def join(self, person: Person, key: str, scribe: Scribe, duplicate: str) -> None:
        """Take the entry that joins a second document to a person."""
        first = person.office.city[0]
        joined = scribe.join(duplicate=duplicate, root=key, first=first, at=person.known_at)
        self.rows[LedgerEntry].extend(joined)

    def write(self, bulk: Bulk) -> None:
        """Write everything, tables others point to first."""
        for model, rows in self.rows.items():
            bulk.write(model, rows)

    def _numbered(self, model: type[Base], rows: Iterable[Row]) -> list[Row]:
        numbered: list[Row] = [{"id": next(self.numbers[model]), **row} for row in rows]
        self.rows[model].extend(numbered)
        return numbered


def draw_city(*, graduates: int, seed: int, resumes: int = 0) -> City:
    """Draw the city without writing it; the same numbers give the same one."""
    firms, office = draw_firms(max(LEAST_FIRMS, graduates // PEOPLE_A_FIRM), seed, AS_OF), draw_office()
    return City(draw_plan(graduates, len(firms), seed), firms, office, office.size, Texts(seed), resumes)


def make_city(
    session: Session,
    *,
    graduates: int,
    seed: int,
    pepper: str,
    postings: int = 0,
    resumes: int = 0,
    told: Callable[[int], None] = lambda _: None,
) -> City:
    """Write a made-up city into an empty, migrated database; ``told`` hears how many people are done.

    ``postings`` are live, and as many of the newest graduates as ``resumes`` let employers find them.
    Every count in the ledger is one the rules allow, and the ledger verifies. Nobody is real: names say
    so, identity numbers are of an area that issues none.
    """
    if session.scalar(select(func.count()).select_from(User)):
        raise CityNotEmpty
    periods = list(session.scalars(select(Period)))
    if not periods:
        raise NoPeriods
    bulk = Bulk(session)
    city = draw_city(graduates=graduates, seed=seed, resumes=resumes)
    with bulk.without_indexes(*_FILLED):
        write_officers(bulk, city.office)
        write_firms(bulk, city.firms, city.office, AS_OF)
        write_postings(bulk, city.firms, city.texts, count=postings)
        _write_people(bulk, city, Scribe(periods), pepper, told)
    rebuild_sums(session)
    rebuild_totals(session, on=AS_OF, at=_last_instant())
    rebuild_funnel(session, at=_last_instant())
    bulk.settle(*_NUMBERED)
    return city


def _write_people(bulk: Bulk, city: City, scribe: Scribe, pepper: str, told: Callable[[int], None]) -> None:
    numbered: tuple[type[Base], ...] = (Evidence, Verification, FollowUp, FollowUpAnswer)
    numbers = {model: itertools.count(1) for model in numbered}
    for start in range(0, len(city.plan), CHUNK):
        page = _Page(numbers)
        for index in range(start, min(start + CHUNK, len(city.plan))):
            person = city.person(index)
            key = person_key(pepper, DocType.IDENTITY_CARD, person.identity_number)
            page.put(person, key, scribe, city.resume(person))
            if person.fate == fates.COUNTED and index % SECOND_DOCUMENT == 0:
                page.join(person, key, scribe, person_key(pepper, DocType.TRAVEL_PERMIT, f"H{person.id:08}"))
        page.write(bulk)
        told(min(start + CHUNK, len(city.plan)))
    bulk.write(LedgerEntry, list(scribe.reversals(until=_last_instant())))


def _last_instant() -> datetime:
    return start_of_day(AS_OF + timedelta(days=1))
