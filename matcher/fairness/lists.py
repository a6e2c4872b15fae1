"""Candidates of every posting as employers would see them, and twins who differ in one line alone."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from matcher.documents import Conditions, PostingDocument, ResumeDocument
from matcher.eligibility import allowed_rows, resume_columns, resume_rules
from matcher.engine import MatchingEngine
from matcher.fairness.counterfactual import Read
from matcher.fairness.exposure import TOP, Listing
from matcher.fairness.wordings import Subject

PUBLIC = frozenset({"government", "public_institution", "state_owned", "soe"})
"""Employers who may not ask where somebody studied (DOMAIN L5)."""


def conditions_of(posting: PostingDocument) -> Conditions:
    """Return what a candidate must satisfy to be eligible: the wished kind and the degree asked."""
    return Conditions(kinds=frozenset({posting.kind}), degree=posting.degree_min or None)


def listings(
    engine: MatchingEngine,
    postings: Sequence[PostingDocument],
    resumes: Sequence[ResumeDocument],
    *,
    today: date,
) -> list[Listing]:
    """Rank the candidates of every posting by the score they see; every eligible one is scored."""
    vectors = engine.encode_resumes(resumes)
    people = [engine.judge.person(resume, vector) for resume, vector in zip(resumes, vectors, strict=True)]
    columns = resume_columns(resumes)
    found = []
    for posting, vector in zip(postings, engine.encode_postings(postings), strict=True):
        rules = resume_rules(conditions_of(posting), today)
        rows = np.flatnonzero(allowed_rows(columns, rules)).tolist()
        scored = [
            (engine.judge.compare(people[row], posting, vector, today).score, resumes[row].id) for row in rows
        ]
        scored.sort(key=lambda one: (-one[0], one[1]))
        found.append(Listing(frozenset(id for _, id in scored), tuple(id for _, id in scored[:TOP])))
    return found


def twins(
    subjects: Sequence[Subject], read: Read, lines: Mapping[str, Sequence[str]], *, seed: int
) -> tuple[list[ResumeDocument], dict[int, str]]:
    """Write every resume once for each group, with one of the group's lines; tell who is of which group.

    The ids, which decide between equal scores, are drawn by seed.
    """
    draw = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    ids = draw.sample(range(1, len(subjects) * len(lines) + 1), len(subjects) * len(lines))
    people, group_of = [], {}
    for subject in subjects:
        for group, said in lines.items():
            id = ids.pop()
            text = f"{subject.text}\n{draw.choice(said)}"
            people.append(replace(read(replace(subject, text=text)), id=id))
            group_of[id] = group
    return people, group_of


def public_lists_kept(
    engine: MatchingEngine,
    postings: Sequence[PostingDocument],
    subjects: Sequence[Subject],
    read: Read,
    schools: Sequence[str],
    *,
    today: date,
    seed: int,
) -> tuple[int, int]:
    """Count the lists of public employers that stay the same when everybody's school changes, and all."""
    public = [posting for posting in postings if posting.employer_kind in PUBLIC]
    lists = []
    for turn in (1, 2):
        draw = random.Random(f"{seed}|{turn}")  # noqa: S311 - sampling, not secrecy
        people = [
            _schooled(subject, draw.choice(schools), read, id) for id, subject in enumerate(subjects, 1)
        ]
        lists.append(listings(engine, public, people, today=today))
    return sum(one == other for one, other in zip(*lists, strict=True)), len(public)


def _schooled(subject: Subject, school: str, read: Read, id: int) -> ResumeDocument:
    text = f"毕业院校：{school}\n{subject.text}"
    if subject.school:
        text = subject.text.replace(subject.school, school)
    return replace(read(replace(subject, text=text)), id=id)
