"""What could be learnt: skills that would lift a posting or a list, found by adding and scoring again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matcher.documents import Match, PostingDocument, Ranking, ResumeDocument
from matcher.engine import MatchingEngine
from matcher.scoring import REMOTE

TRIED = 8
TOLD = 2
CLIMBS_TRIED = 3
LEAST_GAIN = 0.01
"""A lift of less than one point in a hundred is not worth telling."""
LEAST_FIT, LEAST_RISE = 0.5, 3
"""A rise is told of postings that are likelier than not worth applying for, from three places on."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A skill that would lift one posting: its fit now and with the skill on the resume."""

    skill: str
    fit: float
    then: float


@dataclass(frozen=True, slots=True)
class Climb:
    """A skill that many postings of a list lack: how many, and how far the best of them would rise."""

    skill: str
    lacking: int
    posting_id: int
    rank: int
    then: int


def learnt(resume: ResumeDocument, skill: str) -> ResumeDocument:
    """Return the resume with one more skill on its list."""
    return replace(resume, skills=(*resume.skills, skill))


def lifts(
    engine: MatchingEngine, resume: ResumeDocument, posting: PostingDocument, *, today: date
) -> tuple[Lift, ...]:
    """Name the one or two missing skills that would lift this posting most."""
    if not engine.calibrated:
        return ()
    pair = engine.pair(resume, posting, today=today)
    known = engine.vocabulary.columns
    missing = [one for one in pair.skills if one.asked.required and not one.shown and one.term in known]
    missing.sort(key=lambda one: (-one.weight * one.asked.strength, one.term))
    found = [
        Lift(one.term, pair.fit, engine.pair(learnt(resume, one.term), posting, today=today).fit)
        for one in missing[:TRIED]
    ]
    told = sorted((lift for lift in found if lift.then - lift.fit >= LEAST_GAIN), key=lambda lift: -lift.then)
    return tuple(told[:TOLD])


def climb(
    engine: MatchingEngine,
    resume: ResumeDocument,
    shown: Sequence[Match],
    rank: Callable[[ResumeDocument], Ranking],
) -> Climb | None:
    """Name the skill that most of the fitting postings lack, and how far one of them would really rise.

    ``rank`` must give the ranking from its first place, as it gave ``shown`` for the resume as it is. Where
    nothing worth telling would rise with the skill lacked most, the next ones are tried.
    """
    fitting = {match.id for match in shown if match.fit is not None and match.fit >= LEAST_FIT}
    lacks = {match.id: _lacking(engine, match) for match in shown if match.score >= REMOTE}
    lacking = Counter(skill for skills in lacks.values() for skill in skills)
    for skill in sorted(lacking, key=lambda term: (-lacking[term], term))[:CLIMBS_TRIED]:
        places = {
            match.id: place
            for place, match in enumerate(shown, 1)
            if match.id in fitting and skill in lacks.get(match.id, ())
        }
        risen = [
            (places[match.id] - then, -places[match.id], match.id)
            for then, match in enumerate(rank(learnt(resume, skill)).matches, 1)
            if match.id in places and places[match.id] - then >= LEAST_RISE
        ]
        if risen:
            rise, place, id = max(risen)
            return Climb(skill, lacking[skill], id, -place, -place - rise)
    return None


def _lacking(engine: MatchingEngine, match: Match) -> set[str]:
    missing = (reason for reason in match.missing if reason.code == "skill_missing")
    return {str(reason.facts["skill"]) for reason in missing} & engine.vocabulary.columns.keys()
