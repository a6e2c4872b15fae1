"""What every kind of list shares while a batch of its rows takes effect."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.identifiers import person_key
from webapp.domain.lists import KEPT, Finding, MatchGrade
from webapp.domain.programme import Ruleset, rulesets
from webapp.models import ImportMatch, ImportProblem, ImportRun, Notification, Officer, Period
from webapp.reading.lists import Named
from webapp.services.imports.people import Person


@dataclass(slots=True)
class Batch:
    """The rows of one transaction: what they found, what was wrong with them, whom to tell."""

    session: Session
    run: ImportRun
    pepper: str
    at: datetime
    maker_id: int
    matches: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    news: list[dict[str, Any]] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    unmatched: int = 0

    @property
    def on(self) -> date:
        """The day of the import in the city."""
        return city_date(self.at)

    def key_of(self, record: Named) -> str:
        """Return the key of a person whose number, or key, a row carries."""
        if record.doc_type is None:
            return record.number
        return person_key(self.pepper, record.doc_type, record.number)

    def maker(self) -> Officer | None:
        """Return the officer who handed the list in; nothing for the operator's command."""
        return self.session.scalar(select(Officer).where(Officer.user_id == self.maker_id))

    def ruleset_of(self, periods: Sequence[Period], on: date) -> Ruleset:
        """Return the rules of the period a day lies in, the first ones known for other days."""
        named = next((one.ruleset_id for one in periods if one.start_on <= on <= one.end_on), None)
        return rulesets()[named or next(iter(rulesets()))]

    def found(
        self,
        number: int,
        finding: Finding,
        person: Person,
        *,
        placement_id: int | None = None,
        grade: MatchGrade = MatchGrade.EXACT,
    ) -> None:
        """Note what became of a row that found a person."""
        self.findings[finding.value] += 1
        if finding in KEPT:
            self.matches.append(
                {
                    "run_id": self.run.id,
                    "row_number": number,
                    "grade": grade,
                    "finding": finding,
                    "graduate_id": person.id,
                    "placement_id": placement_id,
                }
            )

    def refuse(self, number: int, reason: str) -> None:
        """Note why a row says nothing usable."""
        self.problems.append({"run_id": self.run.id, "row_number": number, "reason": reason})

    def tell(self, person: Person, message: str, **facts: object) -> None:
        """Tell a graduate what the list has changed for them."""
        self.news.append(
            {
                "user_id": person.user_id,
                "message": message,
                "facts": facts,
                "link": None,
                "created_at": self.at,
            }
        )

    def write(self, last_row: int) -> None:
        """Write down the batch and move the run's position behind it."""
        for model, rows in (
            (ImportMatch, self.matches),
            (ImportProblem, self.problems),
            (Notification, self.news),
        ):
            if rows:
                self.session.execute(insert(model), rows)
        run = self.run
        known = self.findings[Finding.KNOWN.value]
        run.imported += self.findings.total() - known
        run.merged += known
        run.refused += len(self.problems)
        run.unmatched += self.unmatched
        tally: Mapping[str, int] = run.findings or {}
        run.findings = dict(Counter(tally) + self.findings)
        run.position = last_row
        self.session.flush()
