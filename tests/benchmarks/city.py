"""A city of postings and resumes for benchmarks: the made-up city's texts, as the matcher reads them.

A document follows from the seed and its number alone, so any slice can be made, in any order.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from matcher.documents import PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder, as_stored
from matcher.text import posting_text
from webapp.services.city.plan import AS_OF
from webapp.services.city.texts import Texts

EMPLOYERS = 20_000
DISTRICTS = {
    "WH-DHGX": 0.24, "420111": 0.15, "420106": 0.12, "420103": 0.08, "420102": 0.08, "420105": 0.07,
    "420104": 0.06, "420112": 0.06, "420107": 0.05, "WH-JKQ": 0.04, "420115": 0.03, "420116": 0.02,
}  # fmt: skip
YEARS = {2024: 0.15, 2025: 0.25, 2026: 0.6}


class City:
    """Makes postings and resumes by number; ``majors`` as for :class:`Texts`."""

    def __init__(self, seed: int = 7, as_of: date = AS_OF, majors: frozenset[str] = frozenset()) -> None:
        self.seed = seed
        self.as_of = as_of
        self._texts = Texts(seed, majors)

    def postings(self, numbers: Iterable[int]) -> Iterator[PostingDocument]:
        """Make the postings of these numbers, which are their ids."""
        return map(self._posting, numbers)

    def resumes(self, numbers: Iterable[int]) -> Iterator[ResumeDocument]:
        """Make the resumes of these numbers, which are their ids."""
        return map(self._resume, numbers)

    def _posting(self, number: int) -> PostingDocument:
        said, dice = self._texts.posting(number), Random(f"{self.seed}/place of posting/{number}")
        return PostingDocument(
            number,
            said["title"],
            duties=said["duties"],
            requirements=said["requirements"],
            skills=tuple(said["skills"]),
            majors=tuple(said["majors"]),
            kind=said["kind"],
            degree_min=said["degree_min"].level if said["degree_min"] else 0,
            district=_weighted(dice, DISTRICTS),
            pay_min=said["pay_min"],
            pay_max=said["pay_max"],
            employer=f"演示单位{int(EMPLOYERS * dice.random() ** 2)}",
            published_on=self.as_of - timedelta(days=dice.randrange(90)),
            valid_until=self.as_of + timedelta(days=dice.randrange(1, 120)),
            openings=said["headcount"],
            response_rate=dice.choice((None, round(dice.random(), 2))),
            converts=said["converts"],
        )

    def _resume(self, number: int) -> ResumeDocument:
        said, dice = self._texts.resume(number), Random(f"{self.seed}/wishes of resume/{number}")
        return ResumeDocument(
            number,
            wanted=tuple(said["wanted"]),
            major=said["major_name"],
            degree=said["degree"].level,
            graduation_year=_weighted(dice, YEARS),
            skills=tuple(said["skills"]),
            text=said["text"],
            kinds=frozenset(said["kinds"]),
            districts=frozenset(_weighted(dice, DISTRICTS) for _ in range(dice.choice((0, 0, 1, 2, 3)))),
            pay_min=said["pay_min"],
        )


def posting_vectors(encoder: Encoder, postings: Iterable[PostingDocument]) -> Vector:
    """Encode postings as the engine stores them."""
    return as_stored(encoder.encode([posting_text(posting) for posting in postings]))


def resume_vectors(encoder: Encoder, resumes: Iterable[ResumeDocument]) -> Vector:
    """Encode resumes of a city as the engine stores them, sparing the search for marks they do not hold."""
    return as_stored(encoder.encode([clean_resume_text(resume) for resume in resumes]))


def clean_resume_text(resume: ResumeDocument) -> str:
    """Return what ``matcher.text.resume_text`` gives for a resume without personal marks."""
    return "\n".join(part for part in (*resume.wanted, resume.major, *resume.skills, resume.text) if part)


def _weighted(dice: Random, shares: dict) -> object:
    return dice.choices(list(shares), list(shares.values()))[0]
