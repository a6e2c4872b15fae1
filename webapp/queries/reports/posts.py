"""Posts that were open on the day, walked over once: by cluster, by occupation, the skills they ask for."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.domain.dates import city_date
from webapp.domain.histogram import quantile, quantiles
from webapp.domain.postings import EMPLOYMENT, PostingStatus
from webapp.models import Application, Graduate, Posting
from webapp.queries.reports.asked import Asked, Cell, Gathered, Tables, digest_of_query, in_order, walk
from webapp.queries.reports.occupations import occupation_of, occupations
from webapp.queries.reports.people import SHARES

MOST_SKILLS = 200
SKILLS_A_LINE = 5
MOST_EVIDENCE = 20
"""Postings a line of the catalogue names by number, the oldest of those it rests on."""


@dataclass(slots=True)
class _Posts:
    """What is added up of the posts that are alike; memory grows with different values, not with posts."""

    ads: int = 0
    headcount: int = 0
    well_paid: int = 0
    applicants: int = 0
    firms: Counter[int] = field(default_factory=Counter)
    pay: Counter[int] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    degrees: Counter[str] = field(default_factory=Counter)
    skills: Counter[str] = field(default_factory=Counter)
    evidence: list[int] = field(default_factory=list)

    def add(self, row: Any, days: int) -> None:
        """Add one posting."""
        self.ads += 1
        self.headcount += row.headcount
        self.well_paid += row.headcount if row.well_paid else 0
        self.applicants += row.applicants
        self.firms[row.employer_id] += row.headcount
        self.days[days] += 1
        self.skills.update(set(row.skills))
        if row.pay_min and row.kind in EMPLOYMENT:
            self.pay[row.pay_min] += 1
        if row.degree_min:
            self.degrees[str(row.degree_min)] += 1
        if len(self.evidence) < MOST_EVIDENCE:
            self.evidence.append(row.id)

    def cells(self) -> list[Cell]:
        """Return the figures in the order of ``FIGURES``."""
        return [
            self.ads,
            self.headcount,
            self.well_paid,
            self.applicants,
            len(self.firms),
            max(self.firms.values(), default=0),
            *quantiles(self.pay, SHARES[1:4]),
            quantile(self.days, 0.5),
        ]


FIGURES = (
    "ads",
    "headcount",
    "well_paid",
    "applicants",
    "employers",
    "largest",
    "p25",
    "p50",
    "p75",
    "days_open",
)


def tables(session: Session, asked: Asked) -> Tables:
    """Yield the open posts by cluster and by occupation, and the skills they ask for."""
    wanted = _open(asked)
    clusters: dict[Cell, _Posts] = defaultdict(_Posts)
    lines: dict[tuple[Cell, str], _Posts] = defaultdict(_Posts)
    skills: Counter[str] = Counter()
    for row in walk(session, wanted):
        days = (asked.as_of - city_date(row.published_at)).days
        clusters[row.cluster].add(row, days)
        skills.update(set(row.skills))
        code = occupation_of(row.title) if row.kind in EMPLOYMENT else None
        if code:
            lines[row.cluster, code].add(row, days)
    query, free = digest_of_query(wanted), _free(session, asked)
    by_cluster = in_order([[cluster, *posts.cells()] for cluster, posts in clusters.items()])
    yield "posts_by_cluster", Gathered(("cluster", *FIGURES), by_cluster, query)
    rows = [_line(cluster, code, posts, free) for (cluster, code), posts in lines.items()]
    columns = ("cluster", "occupation", *FIGURES, "degree", "skills", "graduates", "majors", "evidence")
    yield "posts_by_occupation", Gathered(columns, in_order(rows), query)
    known: list[list[Cell]] = [[skill, ads] for skill, ads in _most(skills, MOST_SKILLS)]
    yield "posts_by_skill", Gathered(("skill", "ads"), known, query)


def _line(cluster: Cell, code: str, posts: _Posts, free: Counter[str]) -> list[Cell]:
    degree = next(iter(_most(posts.degrees, 1)), (None, 0))[0]
    skills = "、".join(skill for skill, _ads in _most(posts.skills, SKILLS_A_LINE))
    leading = {major: free[major] for major in sorted(occupations()[code].majors) if free[major]}
    majors = "、".join(f"{major} {people:,}" for major, people in leading.items())
    evidence = " ".join(map(str, posts.evidence))
    return [cluster, code, *posts.cells(), degree, skills, sum(leading.values()), majors, evidence]


def _most(counts: Counter[str], number: int) -> list[tuple[str, int]]:
    """Return the most frequent values; of equals the first by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:number]


def _open(asked: Asked) -> Select[Any]:
    """Select the postings that were open at the end of the day."""
    applied = (
        select(Application.posting_id, func.count(func.distinct(Application.graduate_id)).label("applicants"))
        .where(Application.created_at < asked.after)
        .group_by(Application.posting_id)
        .subquery("applied")
    )
    names = (
        "id", "cluster", "title", "kind", "degree_min", "headcount", "pay_min", "well_paid", "skills",
        "employer_id", "published_at",
    )  # fmt: skip
    return (
        select(
            *(getattr(Posting, name) for name in names),
            func.coalesce(applied.c.applicants, 0).label("applicants"),
        )
        .outerjoin(applied, applied.c.posting_id == Posting.id)
        .where(*_live(asked))
        .order_by(Posting.id)
    )


def _live(asked: Asked) -> list[Any]:
    return [
        Posting.status.in_((PostingStatus.LIVE, PostingStatus.EXPIRED)),
        Posting.published_at < asked.after,
        Posting.valid_until_on >= asked.as_of,
        Posting.district.is_not(None),
    ]


def by_district(asked: Asked) -> Select[Any]:
    """Select the places of employment open on the day and the well-paid ones among them, by district."""
    well_paid = func.sum(Posting.headcount).filter(Posting.well_paid.is_(True))
    columns: list[Any] = [
        Posting.district,
        func.sum(Posting.headcount).label("headcount"),
        func.coalesce(well_paid, 0).label("well_paid"),
    ]
    return select(*columns).where(*_live(asked), Posting.kind.in_(EMPLOYMENT)).group_by(Posting.district)


def _free(session: Session, asked: Asked) -> Counter[str]:
    """Return the graduates of this year and the last by major; the shortage of an occupation needs them."""
    since = asked.as_of.replace(year=asked.as_of.year - 1, month=1, day=1)
    rows = session.execute(
        select(Graduate.major_name, func.count())
        .where(
            Graduate.graduation_on.between(since, asked.as_of.replace(month=12, day=31)),
            Graduate.restricted_at.is_(None),
            Graduate.major_name.is_not(None),
        )
        .group_by(Graduate.major_name)
    )
    return Counter({major: people for major, people in rows if major})
