"""What the fairness audit works on: resumes, postings and candidates, of the judged pairs and the demo."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import replace

from matcher.documents import PostingDocument, ResumeDocument
from matcher.fairness.audit import Candidates
from matcher.fairness.wordings import Subject
from matcher.training.judgements import judged_pairs
from webapp.domain.degrees import LABELS, Degree
from webapp.services.demo.rows import Row, day, read_rows
from webapp.services.resumes import read_document
from webapp.settings import ROOT

DATA = ROOT / "data"
DEMO = DATA / "demo"


def read(subject: Subject) -> ResumeDocument:
    """Let a raw resume go the way of one that its owner confirms."""
    return read_document(subject.text, subject.profile, name=subject.name)


def subjects(most: int, *, seed: int) -> list[Subject]:
    """Return judged and demo resumes as they were written, then seeded variants of them.

    A degree is of the profile, as an officer verified it: it is never concluded from a school's name.
    """
    written = [*_judged(), *_demo()]
    draw = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    found = written[:most]
    while len(found) < most:
        found.append(_variant(written[len(found) % len(written)], draw))
    return found


def postings() -> list[PostingDocument]:
    """Return every judged and every demo posting, none of them expired or full."""
    judged = {pair.posting.id: pair.posting for pair in judged_pairs(DATA / "judgements")}
    kinds = {row["key"]: (row["name"], row["kind"]) for row in read_rows(DEMO, "employers.jsonl")}
    demo = [_posting(row, *kinds[row["employer"]]) for row in read_rows(DEMO, "postings.jsonl")]
    open_ = (replace(one, valid_until=None, openings=1) for one in (*judged.values(), *demo))
    return [replace(posting, id=id) for id, posting in enumerate(open_, start=1)]


def candidates() -> Candidates:
    """Return the demo graduates with the tier of their school and their degree."""
    tiers, people, tier_of, degree_of = _tiers(), [], {}, {}
    for id, row in enumerate(read_rows(DEMO, "graduates.jsonl"), start=1):
        people.append(replace(read(_subject(row)), id=id))
        tier_of[id] = tiers[row["institution_code"]]
        degree_of[id] = LABELS[Degree(row["degree"])]
    return Candidates(people, tier_of, degree_of)


def _judged() -> Iterator[Subject]:
    resumes = {pair.resume.id: pair.resume for pair in judged_pairs(DATA / "judgements")}
    for resume in resumes.values():
        yield Subject(resume.text, replace(resume, text="", skills=()), school="某高校")


def _demo() -> Iterator[Subject]:
    for row in read_rows(DEMO, "graduates.jsonl"):
        yield _subject(row)


def _subject(row: Row) -> Subject:
    wishes = row["wishes"]
    profile = ResumeDocument(
        0,
        degree=Degree(row["degree"]).level,
        kinds=frozenset(wishes["kinds"]),
        districts=frozenset(wishes["districts"]),
        clusters=frozenset(wishes["clusters"]),
        pay_min=wishes["pay_min"],
    )
    return Subject(row["resume_text"], profile, row["name"], row["institution_name"])


def _variant(subject: Subject, draw: random.Random) -> Subject:
    """Return a resume with a quarter of its lines left out and the rest below the head in another order."""
    head, *rest = subject.text.split("\n\n", 1) if "\n\n" in subject.text else subject.text.split("\n", 1)
    lines = [line for line in "\n".join(rest).split("\n") if line.strip()]
    kept = draw.sample(lines, len(lines) - len(lines) // 4)
    return replace(subject, text="\n".join([head, *kept]))


def _posting(row: Row, employer: str, kind: str) -> PostingDocument:
    return PostingDocument(
        id=0,
        title=row["title"],
        duties=row["duties"],
        requirements=row["requirements"],
        skills=tuple(row["skills"]),
        majors=tuple(row["majors"]),
        kind=row["kind"],
        degree_min=Degree(row["degree_min"]).level if row["degree_min"] else 0,
        district=row["district"] or "",
        pay_min=row["pay_min"],
        pay_max=row["pay_max"],
        employer=employer,
        employer_kind=kind,
        cluster=row["cluster"] or "",
        published_on=day(row["published_on"]),
        converts=row["converts"],
    )


def _tiers() -> dict[str, str]:
    with (DATA / "taxonomy" / "double_first_class.csv").open(encoding="utf-8", newline="") as file:
        first = frozenset(row["code"] for row in csv.DictReader(file))
    with (DATA / "taxonomy" / "institutions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _tier(row, first) for row in csv.DictReader(file)}


def _tier(row: dict[str, str], first: frozenset[str]) -> str:
    if row["code"] in first:
        return "双一流"
    if row["level"] == "专科":
        return "高职专科"
    return "民办本科" if row["ownership"] == "民办" else "其他本科"
