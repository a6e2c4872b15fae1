"""Who of the made-up city was still there at each checkpoint, by whose word."""

from collections.abc import Iterator
from datetime import date, timedelta

from webapp.domain.dates import start_of_day
from webapp.domain.followup import Answer, Result, Source, observed, reasons, window
from webapp.domain.programme import Ruleset
from webapp.models import Period
from webapp.services.city.bulk import Row
from webapp.services.city.entries import month
from webapp.services.city.people import Person
from webapp.services.city.plan import AS_OF

_INSURED, _ANSWERED = 62, 80
"""Of a hundred people who stayed so many are found insured, so many are known at all."""


def stays_of(person: Person, period: Period, ruleset: Ruleset) -> Iterator[tuple[Row, Row | None]]:
    """Yield a counted person's follow-ups, each with the answer it rests on, without their ids.

    Windows that have not begun have none; those still open wait for an answer.
    """
    for number, months in enumerate(ruleset.checkpoints):
        asked = window(person.started_on, months, ruleset.window_days)
        if asked.opens_on > AS_OF:
            return
        said = _said(person, number, asked.due_on) if asked.closes_on < AS_OF else None
        known = said is not None and said.result is not Result.UNKNOWN
        yield (
            {
                "placement_id": person.id,
                "months": months,
                **asked._asdict(),
                "period_id": period.id,
                "unit": person.unit,
                "cohort_month": month(person.started_on.toordinal()),
                "result": said.result if said else None,
                "source": said.source if said and known else None,
                "observed_months": (
                    observed(said, started_on=person.started_on, months=months) if said and known else None
                ),
                "reason": said.reason if said else None,
            },
            _answer(said, person) if said and known else None,
        )


def _said(person: Person, number: int, due_on: date) -> Answer:
    """Draw what became known: half of those who ended their work by then have left the city."""
    at = start_of_day(due_on + timedelta(days=10))
    if person.ended_on and person.ended_on <= due_on and person.dice // 31 % 2:
        coded = [code for code in reasons() if code]
        reason = coded[person.dice // 37 % len(coded)]
        return Answer(
            source=Source.GRADUATE, result=Result.LEFT, at=at, left_on=person.ended_on, reason=reason
        )
    draw = person.dice // 41 // (number + 1) % 100
    if draw < _INSURED:
        return Answer(source=Source.INSURANCE, result=Result.RETAINED_A, at=at)
    if draw < _ANSWERED:
        return Answer(source=Source.GRADUATE, result=Result.RETAINED_C, at=at)
    return Answer(source=Source.OFFICER, result=Result.UNKNOWN, at=at)


def _answer(said: Answer, person: Person) -> Row:
    return {
        "source": said.source,
        "result": said.result,
        "left_on": said.left_on,
        "reason": said.reason,
        "by_id": person.user_id if said.source is Source.GRADUATE else None,
        "at": said.at,
    }
