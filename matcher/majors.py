"""Which majors an occupation draws on, and how well a major suits a posting."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.documents import PostingDocument

UNKNOWN = 0.4
UNRELATED = 0.1
FITTING = 0.7
"""From here on a major counts as what a posting asks."""
_SAME, _OF_CLASS, _NAMED, _OF_CLASS_NAMED, _NEAR, _LEADS = 1.0, 0.95, 0.9, 0.85, 0.8, 0.7
_LEADING = 0.8
_ANY = ("不限", "专业不限", "不限专业", "无要求")


@dataclass(frozen=True, slots=True)
class Majors:
    """The class of each major and the occupations its graduates commonly take up."""

    classes: Mapping[str, str] = field(default_factory=dict)
    occupations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Majors:
        """Read a CSV of ``major,class_name,occupations`` with occupations parted by ``|``."""
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        return cls(
            {row["major"]: row["class_name"] for row in rows},
            {row["major"]: tuple(filter(None, row["occupations"].split("|"))) for row in rows},
        )

    def fit(self, major: str, posting: PostingDocument) -> float:
        """Say from 0 to 1 how well a major suits a posting; 0.4 where nobody can tell."""
        listed = self.asked(posting)
        open_to_all = UNRELATED if listed else UNKNOWN
        if not major:
            return open_to_all
        routes = [open_to_all, self._said(major, posting.requirements or posting.duties)]
        routes += [self._closeness(major, asked) for asked in listed]
        if open_to_all == UNKNOWN and self.leads_to(major, posting.title):
            routes.append(_LEADS)
        return max(routes)

    def asked(self, posting: PostingDocument) -> tuple[str, ...]:
        """Return the majors a posting insists on; none where any will do."""
        listed = posting.majors
        return () if any(name in _ANY for name in listed) else listed

    def cited(self, major: str, posting: PostingDocument) -> tuple[str, int, int]:
        """Return the field of a posting and the words in it that speak for (or of) a major."""
        best, place = UNKNOWN, ("majors", 0, 0)
        at = 0
        for name in posting.majors:
            closeness = self._closeness(major, name)
            if closeness > best:
                best, place = closeness, ("majors", at, at + len(name))
            at += len(name) + 1
        field = "requirements" if posting.requirements else "duties"
        text = getattr(posting, field)
        for word, fit in ((major, _NAMED), (_stem(self.classes.get(major, "")), _OF_CLASS_NAMED)):
            if word and word in text and fit > best:
                best, place = fit, (field, text.find(word), text.find(word) + len(word))
        if best <= UNKNOWN and posting.majors:
            return "majors", 0, len("、".join(posting.majors))
        return place

    def leads_to(self, major: str, title: str) -> bool:
        """Say whether graduates of a major commonly take up work of this title."""
        return any(
            containment(name, title) >= _LEADING
            for occupation in self.occupations.get(major, ())
            for name in occupation.split("/")
        )

    def _said(self, major: str, text: str) -> float:
        if major in text:
            return _NAMED
        stem = _stem(self.classes.get(major, ""))
        return _OF_CLASS_NAMED if stem and stem in text else 0.0

    def _closeness(self, major: str, asked: str) -> float:
        own, theirs = self.classes.get(major, ""), self.classes.get(asked, "")
        if major == asked:
            return _SAME
        if own and _stem(own) == _stem(asked):
            return _OF_CLASS
        if _stem(asked) in major or major in asked:
            return _NEAR
        return FITTING if own and own == theirs else UNRELATED


def containment(short: str, long: str) -> float:
    """Return the share of a phrase's character pairs that another phrase contains."""
    pairs = _pairs(short)
    return len(pairs & _pairs(long)) / len(pairs) if pairs else 0.0


def best_containment(phrases: Sequence[str], title: str) -> tuple[float, str]:
    """Return the phrase that a title contains best, with its share."""
    return max(((containment(p, title), p) for p in phrases), default=(0.0, ""))


def runs_in_common(phrase: str, title: str) -> list[tuple[int, int]]:
    """Return where a title repeats two or more characters of a phrase in a row."""
    shared, folded = _pairs(phrase), title.lower()
    runs: list[tuple[int, int]] = []
    for start in range(len(folded) - 1):
        if folded[start : start + 2] in shared:
            if runs and runs[-1][1] > start:
                runs[-1] = runs[-1][0], start + 2
            else:
                runs.append((start, start + 2))
    return runs


def _pairs(text: str) -> set[str]:
    folded = "".join(text.lower().split())
    return {folded[i : i + 2] for i in range(len(folded) - 1)} or set(folded)


def _stem(name: str) -> str:
    return name.removesuffix("等相关专业").removesuffix("相关专业").removesuffix("专业").removesuffix("类")
