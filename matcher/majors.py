"""Which majors an occupation draws on, and how well a major suits a posting."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matcher.documents import PostingDocument

UNKNOWN = 0.4
UNRELATED = 0.1
RELATED = 0.8
FITTING = 0.6
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
        if any(name in _ANY for name in posting.majors):
            return 1.0
        if not major:
            return UNKNOWN if not posting.majors else UNRELATED
        if posting.majors:
            return max(self._closeness(major, asked) for asked in posting.majors)
        text = posting.requirements or posting.duties
        if major in text:
            return 1.0
        stem = _stem(self.classes.get(major, ""))
        if stem and stem in text:
            return 0.9
        return RELATED if self._leads_to(major, posting.title) else UNKNOWN

    def _closeness(self, major: str, asked: str) -> float:
        own, theirs = self.classes.get(major, ""), self.classes.get(asked, "")
        if major == asked:
            return 1.0
        if own and _stem(own) == _stem(asked):
            return 0.9
        if _stem(asked) in major or major in asked:
            return 0.7
        return FITTING if own and own == theirs else UNRELATED

    def _leads_to(self, major: str, title: str) -> bool:
        return any(
            containment(name, title) >= RELATED
            for occupation in self.occupations.get(major, ())
            for name in occupation.split("/")
        )


def containment(short: str, long: str) -> float:
    """Return the share of a phrase's character pairs that another phrase contains."""
    pairs = _pairs(short)
    return len(pairs & _pairs(long)) / len(pairs) if pairs else 0.0


def best_containment(phrases: Sequence[str], title: str) -> tuple[float, str]:
    """Return the phrase that a title contains best, with its share."""
    return max(((containment(p, title), p) for p in phrases), default=(0.0, ""))


def _pairs(text: str) -> set[str]:
    folded = "".join(text.lower().split())
    return {folded[i : i + 2] for i in range(len(folded) - 1)} or set(folded)


def _stem(name: str) -> str:
    return name.removesuffix("等相关专业").removesuffix("相关专业").removesuffix("专业").removesuffix("类")
