"""What a major has to do with a posting: the majors it lists, its text, the work they lead to."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from matcher.documents import PostingDocument
from matcher.lexical import words
from matcher.rarity import Rarity
from matcher.tokens import folded

UNKNOWN = 0.4
UNRELATED = 0.1
FITTING = 0.7
"""From here on a major counts as what a posting asks."""
RELATED = 0.6
"""From here on a major is said to lead to the work."""
_SAME, _OF_CLASS, _NAMED, _OF_CLASS_NAMED, _CONTAINED = 1.0, 0.95, 0.9, 0.85, 0.8
_MOST_BY_WORK = 0.65
_DEGREE_KINDS = frozenset({"学术学位", "专业学位"})
"""What the catalogue of postgraduate majors writes in place of a class."""
_ANY = ("不限", "专业不限", "不限专业", "无要求")
_RAREST = 0.0003
_LONGEST = 8
_CACHED = 4096


@dataclass(frozen=True, slots=True)
class Occupation:
    """Work of one kind: the titles people give it and the majors that usually lead to it."""

    titles: tuple[str, ...]
    majors: tuple[str, ...] = ()


class Majors:
    """The classes of each major, and the occupations that majors lead to."""

    def __init__(
        self, classes: Mapping[str, Collection[str]], occupations: Sequence[Occupation] = ()
    ) -> None:
        self._classes = classes
        self._occupations = occupations
        self._titles_of = lru_cache(_CACHED)(self._read_titles)
        self._led_to = lru_cache(_CACHED)(self._read_occupations)
        self.kinship = lru_cache(_CACHED * 4)(self._kinship)
        self._classes_of = lru_cache(_CACHED)(self._read_classes)
        self._closeness = lru_cache(_CACHED * 4)(self._close)

    @classmethod
    def load(cls, folder: Path) -> Majors:
        """Read the catalogues of majors and of occupations from a folder."""
        with (folder / "majors.csv").open(encoding="utf-8", newline="") as lines:
            classes = _classes(csv.DictReader(lines))
        with (folder / "occupations.csv").open(encoding="utf-8", newline="") as lines:
            occupations = [
                Occupation((row["name"], *_parted(row["titles"])), _parted(row["majors"]))
                for row in csv.DictReader(lines)
            ]
        return cls(classes, occupations)

    @cached_property
    def rarity(self) -> Rarity:
        """Return how telling a word is in a title: 教师 says less than 数学, 工程师 hardly anything."""
        return Rarity.of(
            [{word for title in one.titles for word in words(title)} for one in self._occupations], _RAREST
        )

    def asked(self, posting: PostingDocument) -> tuple[str, ...]:
        """Return the majors a posting insists on; none where any will do."""
        listed = posting.majors
        return () if any(name in _ANY for name in listed) else listed

    def fit(self, major: str, posting: PostingDocument) -> float:
        """Say from 0 to 1 how well a major suits a posting; 0.4 where nobody can tell."""
        listed = self.asked(posting)
        if not major:
            return UNRELATED if listed else UNKNOWN
        said = self._said(major, posting.requirements or posting.duties)
        if not listed:
            return max(UNKNOWN, said, _MOST_BY_WORK * self.leads_to(major, posting.title))
        closest = max(self._closeness(major, asked) for asked in listed)
        return max(UNRELATED, said, closest)

    def leads_to(self, major: str, title: str) -> float:
        """Say from 0 to 1 how nearly a title says what graduates of a major commonly do."""
        found: dict[int, float] = defaultdict(float)
        by_word, totals = self._titles_of(major)
        for word in _parts(folded(title)):
            titles = by_word.get(word, ())
            weight = self.rarity.weight(word) if titles else 0.0
            for which in titles:
                found[which] += weight
        return max((said / totals[which] for which, said in found.items()), default=0.0)

    def cited(self, major: str, posting: PostingDocument) -> tuple[str, int, int]:
        """Return the field of a posting and the words in it that speak for (or of) a major."""
        best, place, at = UNKNOWN, ("majors", 0, 0), 0
        for name in posting.majors:
            closeness = self._closeness(major, name)
            if closeness > best:
                best, place = closeness, ("majors", at, at + len(name))
            at += len(name) + 1
        field = "requirements" if posting.requirements else "duties"
        text = getattr(posting, field)
        for word, fit in ((major, _NAMED), *((own, _OF_CLASS_NAMED) for own in self._classes_of(major))):
            if word and word in text and fit > best:
                best, place = fit, (field, text.find(word), text.find(word) + len(word))
        if best <= UNKNOWN and posting.majors:
            return "majors", 0, len("、".join(posting.majors))
        return place

    def _said(self, major: str, text: str) -> float:
        if major in text:
            return _NAMED
        return _OF_CLASS_NAMED if any(own in text for own in self._classes_of(major)) else 0.0

    def _close(self, major: str, asked: str) -> float:
        if major == asked:
            return _SAME
        own = self._classes_of(major)
        if _stem(asked) in own:
            return _OF_CLASS
        if _stem(asked) in major or major in asked:
            return _CONTAINED
        if not own.isdisjoint(self._classes_of(asked)):
            return FITTING
        return _MOST_BY_WORK * self.kinship(major, asked)

    def _kinship(self, major: str, other: str) -> float:
        """Say from 0 to 1 how far two majors lead to the same occupations."""
        own, theirs = self._led_to(major), self._led_to(other)
        shared = len(own & theirs)
        return min(1.0, 2 * shared / math.sqrt(len(own) * len(theirs))) if shared else 0.0

    def _read_occupations(self, major: str) -> set[int]:
        known = self._by_major
        exact = known.get(major)
        if exact:
            return exact
        near = (name for name in known if (name in major or major in name) and _differ_little(name, major))
        return set().union(*(known[name] for name in near)) if major else set()

    def _read_titles(self, major: str) -> tuple[Mapping[str, list[int]], list[float]]:
        by_word: dict[str, list[int]] = defaultdict(list)
        totals: list[float] = []
        for which in sorted(self._led_to(major)):
            for title in self._occupations[which].titles:
                said = set(words(title))
                for word in said:
                    by_word[word].append(len(totals))
                totals.append(math.fsum(self.rarity.weight(word) for word in said) or 1.0)
        return by_word, totals

    @cached_property
    def _by_major(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for which, occupation in enumerate(self._occupations):
            for major in occupation.majors:
                found[major].add(which)
        return dict(found)

    def _read_classes(self, major: str) -> frozenset[str]:
        """Return the classes of a name; one that has none stands where 会计 stands for 会计学."""
        classes = self._classes
        own = classes.get(major) or classes.get(f"{major}学") or classes.get(major.removesuffix("学")) or ()
        return frozenset(map(_stem, own))


def _classes(rows: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    """Gather the classes of each name over all levels: 护理学 is taught at several."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["class_name"] and row["class_name"] not in _DEGREE_KINDS:
            found[row["name"]].add(row["class_name"])
    return dict(found)


def runs_in_common(phrase: str, title: str) -> list[tuple[int, int]]:
    """Return where a title repeats two or more characters of a phrase in a row."""
    folded = phrase.lower()
    shared = {folded[i : i + 2] for i in range(len(folded) - 1)}
    runs: list[tuple[int, int]] = []
    for start in range(len(title) - 1):
        if title[start : start + 2].lower() in shared:
            if runs and runs[-1][1] > start:
                runs[-1] = runs[-1][0], start + 2
            else:
                runs.append((start, start + 2))
    return runs


def _parts(title: str) -> set[str]:
    """Return every run of a title's characters that could be a word."""
    length = len(title)
    return {title[i:j] for i in range(length) for j in range(i + 1, min(i + _LONGEST, length) + 1)}


def _differ_little(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 2  # noqa: PLR2004 - 金融 and 金融学, 会计 and 会计学类


def _parted(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("|")))


def _stem(name: str) -> str:
    return name.removesuffix("等相关专业").removesuffix("相关专业").removesuffix("专业").removesuffix("类")
