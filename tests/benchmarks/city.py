"""A city of postings and resumes for benchmarks, recombined from the demo programme and the judged ones.

A document follows from the seed and its number alone, so any slice can be made, in any order. Its sentences
are drawn from one text and a few from a text near it, its conditions from the spread of such a city: texts
and vectors lie in clusters of occupations as real ones do, but nobody wrote any of them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import accumulate
from random import Random
from typing import Generic

from matcher.documents import Document, PostingDocument, ResumeDocument, Vector
from matcher.encoder import Encoder, as_stored
from matcher.lexical import words
from matcher.text import posting_text, without_personal_marks
from matcher.training.judgements import judged_pairs
from webapp.domain.degrees import Degree
from webapp.settings import ROOT

AS_OF = date(2026, 11, 20)
NEAR = 6
EMPLOYERS = 20_000
DISTRICTS = {
    "WH-DHGX": 0.24, "420111": 0.15, "420106": 0.12, "420103": 0.08, "420102": 0.08, "420105": 0.07,
    "420104": 0.06, "420112": 0.06, "420107": 0.05, "WH-WHJK": 0.04, "420115": 0.03, "420116": 0.02,
}  # fmt: skip
YEARS = {2024: 0.15, 2025: 0.25, 2026: 0.6}
_SENTENCE = re.compile(r"[；。\n]+")
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.、)）]|[一二三四五六七八九十][、.])\s*")


@dataclass(frozen=True)
class Model(Generic[Document]):
    """A text to recombine: its sentences by field, the numbers of those near it."""

    document: Document
    sentences: dict[str, Sequence[str]]
    near: Sequence[int]


class City:
    """Makes postings and resumes by number.

    With ``majors`` only texts of those are recombined: a part of the city in its full density.
    """

    def __init__(self, seed: int = 7, as_of: date = AS_OF, majors: frozenset[str] = frozenset()) -> None:
        self.seed = seed
        self.as_of = as_of
        self._majors = majors

    def postings(self, numbers: Iterable[int]) -> Iterator[PostingDocument]:
        """Make the postings of these numbers, which are their ids."""
        return map(self._posting, numbers)

    def resumes(self, numbers: Iterable[int]) -> Iterator[ResumeDocument]:
        """Make the resumes of these numbers, which are their ids."""
        return map(self._resume, numbers)

    @cached_property
    def _offered(self) -> Sequence[Model[PostingDocument]]:
        judged = {pair.posting.id: pair.posting for pair in _judged()}.values()
        chosen = [one for one in (*_demo_postings(), *judged) if self._holds(*one.majors)]
        return _models(chosen, ("duties", "requirements"), lambda one: one.title)

    @cached_property
    def _people(self) -> Sequence[Model[ResumeDocument]]:
        judged = {pair.resume.id: pair.resume for pair in _judged()}.values()
        chosen = [one for one in (*_demo_resumes(), *judged) if self._holds(one.major)]
        clean = [replace(one, text=without_personal_marks(one.text)) for one in chosen]
        return _models(clean, ("text",), lambda one: f"{one.major} {' '.join(one.wanted)}")

    def _holds(self, *majors: str) -> bool:
        return not self._majors or not self._majors.isdisjoint(majors)

    def _posting(self, number: int) -> PostingDocument:
        dice = Random(f"{self.seed}/posting/{number}")
        model, other = _drawn(dice, self._offered)
        base = model.document
        scale = dice.uniform(0.8, 1.3)
        return replace(
            base,
            id=number,
            duties="。".join(_mixed(dice, model, other, "duties")),
            requirements="；".join(_mixed(dice, model, other, "requirements")),
            skills=_some(dice, base.skills, other.document.skills),
            degree_min=max(0, min(4, base.degree_min + dice.choice((0, 0, 0, 0, 0, 1, -1)))),
            district=_weighted(dice, DISTRICTS),
            pay_min=_scaled(base.pay_min, scale),
            pay_max=_scaled(base.pay_max, scale),
            employer=f"演示单位{int(EMPLOYERS * dice.random() ** 2)}",
            published_on=self.as_of - timedelta(days=dice.randrange(90)),
            valid_until=self.as_of + timedelta(days=dice.randrange(1, 120)),
            openings=min(60, 1 + int(dice.paretovariate(1.2)) // 2),
            response_rate=dice.choice((None, round(dice.random(), 2))),
        )

    def _resume(self, number: int) -> ResumeDocument:
        dice = Random(f"{self.seed}/resume/{number}")
        model, other = _drawn(dice, self._people)
        base = model.document
        return replace(
            base,
            id=number,
            text="。".join(_mixed(dice, model, other, "text")),
            skills=_some(dice, base.skills, other.document.skills),
            wanted=tuple(dict.fromkeys((*base.wanted, *other.document.wanted[: dice.randrange(2)]))),
            degree=max(1, min(4, base.degree + dice.choice((0, 0, 0, 0, 0, 1, -1)))),
            graduation_year=_weighted(dice, YEARS),
            districts=frozenset(_weighted(dice, DISTRICTS) for _ in range(dice.choice((0, 0, 1, 2, 3)))),
            pay_min=_scaled(base.pay_min, dice.uniform(0.8, 1.2)),
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


def _models(
    documents: Sequence[Document], fields: Sequence[str], about: Callable[[Document], str]
) -> Sequence[Model[Document]]:
    said = [{field: _sentences(getattr(one, field)) for field in fields} for one in documents]
    full = [
        (one, sentences) for one, sentences in zip(documents, said, strict=True) if all(sentences.values())
    ]
    terms = [{*words(about(one)), *one.skills} for one, _ in full]
    return [
        Model(one, sentences, _nearest(own, terms)) for (one, sentences), own in zip(full, terms, strict=True)
    ]


def _nearest(own: set[str], terms: Sequence[set[str]]) -> Sequence[int]:
    likeness = [len(own & other) / max(1, len(own | other)) for other in terms]
    return sorted(range(len(terms)), key=lambda number: -likeness[number])[:NEAR]


def _sentences(text: str) -> Sequence[str]:
    found = (" ".join(_NUMBER.sub("", one).split()) for one in _SENTENCE.split(text))
    return [one for one in found if one]


def _drawn(dice: Random, models: Sequence[Model[Document]]) -> tuple[Model[Document], Model[Document]]:
    """Draw a text, some far more often than others, and one near it."""
    model = dice.choices(models, cum_weights=_popularity(len(models)))[0]
    return model, models[dice.choice(model.near)]


@cache
def _popularity(count: int) -> Sequence[float]:
    """Add up shares that fall with a rank which says nothing of the text."""
    return list(accumulate((1 + number * 7919 % count) ** -0.6 for number in range(count)))


def _mixed(dice: Random, model: Model[Document], other: Model[Document], field: str) -> Iterator[str]:
    """Keep most sentences of a text and add one or two of its neighbour's, in a new order."""
    own, theirs = model.sentences[field], other.sentences[field]
    said = dice.sample(own, max(1, round(len(own) * dice.uniform(0.5, 0.9))))
    said += dice.sample(theirs, min(len(theirs), dice.randrange(3)))
    return iter(dict.fromkeys(dice.sample(said, len(said))))


def _some(dice: Random, own: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    kept = [one for one in own if dice.random() < 0.8]
    return tuple(dict.fromkeys((*kept, *(one for one in theirs if dice.random() < 0.15))))


def _scaled(pay: int | None, factor: float) -> int | None:
    return None if pay is None else round(pay * factor / 100) * 100


def _weighted(dice: Random, shares: dict) -> object:
    return dice.choices(list(shares), list(shares.values()))[0]


def _judged() -> Sequence:
    return judged_pairs(ROOT / "data" / "judgements")


def _demo_rows(name: str) -> Iterator[dict]:
    return map(json.loads, (ROOT / "data" / "demo" / name).read_text("utf-8").splitlines())


def _demo_postings() -> Iterator[PostingDocument]:
    for number, row in enumerate(_demo_rows("postings.jsonl"), start=1):
        degree = row["degree_min"]
        yield PostingDocument(
            id=number,
            title=row["title"],
            duties=row["duties"],
            requirements=row["requirements"],
            skills=tuple(row["skills"]),
            majors=tuple(row["majors"]),
            kind=row["kind"],
            degree_min=Degree(degree).level if degree else 0,
            pay_min=row["pay_min"],
            pay_max=row["pay_max"],
            cluster=row["cluster"] or "",
            converts=row["converts"],
        )


def _demo_resumes() -> Iterator[ResumeDocument]:
    for number, row in enumerate(_demo_rows("graduates.jsonl"), start=1):
        wishes = row["wishes"]
        yield ResumeDocument(
            id=number,
            wanted=tuple(wishes["wanted"]),
            major=row["major_name"],
            degree=Degree(row["degree"]).level,
            skills=tuple(row["skills"]),
            text=row["resume_text"],
            kinds=frozenset(wishes["kinds"]),
            pay_min=wishes["pay_min"],
            clusters=frozenset(wishes["clusters"]),
        )
