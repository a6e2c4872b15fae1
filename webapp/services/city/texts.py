"""What a made-up city's postings and resumes say, recombined from the demo programme and the judged texts.

A text follows from the seed and its number alone, so any slice can be made, in any order. Its sentences are
drawn from one model and a few from a model near it, so texts lie in clusters of occupations as real ones do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from random import Random
from typing import Any

from matcher.lexical import words
from matcher.text import without_personal_marks
from webapp.domain.degrees import BY_LEVEL, LEVELS, Degree
from webapp.services.demo.rows import Row, read_rows
from webapp.settings import ROOT

NEAR = 6
KEPT, TAKEN = 0.8, 0.15
"""Shares of skills kept of a model, and taken from the one near it."""
_SENTENCE = re.compile(r"[；。\n]+")
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.、)）]|[一二三四五六七八九十][、.])\s*")


@dataclass(frozen=True)
class Model:
    """A text to recombine: its row, its sentences by field, the numbers of the models near it."""

    row: Row
    sentences: Mapping[str, Sequence[str]]
    near: Sequence[int]


class Texts:
    """Draws what a posting or a resume says, by its number.

    With ``majors`` only texts of those are recombined: a part of the city in its full density.
    """

    def __init__(self, seed: int, majors: frozenset[str] = frozenset()) -> None:
        self._seed = seed
        self._majors = majors

    def posting(self, number: int) -> dict[str, Any]:
        """Return a posting's words, conditions and pay, by the names of its columns."""
        dice = self._dice("posting", number)
        model, other = _drawn(dice, self._offered)
        row, scale = model.row, dice.uniform(0.8, 1.3)
        return {
            "kind": row["kind"],
            "title": row["title"],
            "duties": "。".join(_mixed(dice, model, other, "duties")),
            "requirements": "；".join(_mixed(dice, model, other, "requirements")),
            "skills": _some(dice, row["skills"], other.row["skills"]),
            "majors": list(row["majors"]),
            "degree_min": _near_degree(dice, row["degree_min"]),
            "pay_min": _scaled(row["pay_min"], scale),
            "pay_max": _scaled(row["pay_max"], scale),
            "converts": row["converts"],
            "headcount": min(60, 1 + int(dice.paretovariate(1.2)) // 2),
        }

    def resume(self, number: int) -> dict[str, Any]:
        """Return a resume's text, skills, major and wishes."""
        dice = self._dice("resume", number)
        model, other = _drawn(dice, self._people)
        row = model.row
        return {
            "text": "。".join(_mixed(dice, model, other, "text")),
            "skills": _some(dice, row["skills"], other.row["skills"]),
            "major_name": row["major"],
            "wanted": list(dict.fromkeys((*row["wanted"], *other.row["wanted"][: dice.randrange(2)]))),
            "kinds": list(row["kinds"]),
            "pay_min": _scaled(row["pay_min"], dice.uniform(0.8, 1.2)),
            "degree": _near_degree(dice, row["degree"]) or Degree.ASSOCIATE,
        }

    def _dice(self, kind: str, number: int) -> Random:
        return Random(f"{self._seed}/{kind}/{number}")  # noqa: S311 - a made-up city, no secret

    @cached_property
    def _offered(self) -> Sequence[Model]:
        chosen = [row for row in _rows("postings.jsonl") if self._holds(*row["majors"])]
        return _models(chosen, ("duties", "requirements"), ("title",))

    @cached_property
    def _people(self) -> Sequence[Model]:
        demo = read_rows(ROOT / "data" / "demo", "graduates.jsonl")
        told = [
            {**one, **one["wishes"], "text": one["resume_text"], "major": one["major_name"]} for one in demo
        ]
        judged = read_rows(ROOT / "data" / "judgements", "resumes.jsonl")
        chosen = [one for one in (*told, *judged) if self._holds(one["major"])]
        clean = [{**one, "text": without_personal_marks(one["text"])} for one in chosen]
        return _models(clean, ("text",), ("major", "wanted"))

    def _holds(self, *majors: str) -> bool:
        return not self._majors or not self._majors.isdisjoint(majors)


def _rows(name: str) -> Iterator[Row]:
    for folder in ("demo", "judgements"):
        yield from read_rows(ROOT / "data" / folder, name)


def _models(rows: Sequence[Row], fields: Sequence[str], about: Sequence[str]) -> Sequence[Model]:
    said = [(row, {field: _sentences(row[field]) for field in fields}) for row in rows]
    full = [(row, sentences) for row, sentences in said if all(sentences.values())]
    terms = [{*words(" ".join(str(row[name]) for name in about)), *row["skills"]} for row, _ in full]
    return [
        Model(row, sentences, _nearest(own, terms)) for (row, sentences), own in zip(full, terms, strict=True)
    ]


def _nearest(own: set[str], terms: Sequence[set[str]]) -> Sequence[int]:
    likeness = [len(own & other) / max(1, len(own | other)) for other in terms]
    return sorted(range(len(terms)), key=lambda number: -likeness[number])[:NEAR]


def _sentences(text: str) -> Sequence[str]:
    found = (" ".join(_NUMBER.sub("", one).split()) for one in _SENTENCE.split(text))
    return [one for one in found if one]


def _drawn(dice: Random, models: Sequence[Model]) -> tuple[Model, Model]:
    """Draw a model, some far more often than others, and one near it."""
    model = dice.choices(models, cum_weights=_popularity(len(models)))[0]
    return model, models[dice.choice(model.near)]


@cache
def _popularity(count: int) -> Sequence[float]:
    """Add up shares that fall with a rank which says nothing of the text."""
    return list(accumulate((1 + number * 7919 % count) ** -0.6 for number in range(count)))


def _mixed(dice: Random, model: Model, other: Model, field: str) -> list[str]:
    """Keep most sentences of a text and add one or two of its neighbour's, in a new order."""
    own, theirs = model.sentences[field], other.sentences[field]
    said = dice.sample(own, max(1, round(len(own) * dice.uniform(0.5, 0.9))))
    said += dice.sample(theirs, min(len(theirs), dice.randrange(3)))
    return list(dict.fromkeys(dice.sample(said, len(said))))


def _some(dice: Random, own: Sequence[str], theirs: Sequence[str]) -> list[str]:
    kept = [one for one in own if dice.random() < KEPT]
    return list(dict.fromkeys((*kept, *(one for one in theirs if dice.random() < TAKEN))))


def _near_degree(dice: Random, degree: str | int | None) -> Degree | None:
    """Return the degree a text names, now and then the next one up or down."""
    level = degree if isinstance(degree, int) else LEVELS[Degree(degree)] if degree else 0
    return BY_LEVEL.get(max(0, min(len(LEVELS), level + dice.choice((0, 0, 0, 0, 0, 1, -1)))))


def _scaled(pay: int | None, factor: float) -> int | None:
    return None if pay is None else round(pay * factor / 100) * 100
