"""A question in plain Chinese as kinds, districts and the words that remain."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from matcher.documents import PostingDocument
from matcher.lexical import words

KIND_WORDS: Mapping[str, str] = {
    "实习生": "internship",
    "实习": "internship",
    "见习": "traineeship",
    "全职": "job",
    "正式工作": "job",
    "科研助理": "research_assistant",
    "三支一扶": "grassroots",
    "西部计划": "grassroots",
    "基层": "grassroots",
}
_DISTRICTS = Path(__file__).resolve().parents[1] / "data" / "taxonomy" / "districts.csv"
_NOISE = frozenset(
    {*"的了吗呢能有找想要我在是和与或", "可以", "希望", "工作", "岗位", "职位", "招聘", "武汉"}
)
_CONVERTS = re.compile("(?:可以|可|能)?转正")
TEXT_WEIGHT, KIND_WEIGHT, DISTRICT_WEIGHT, CONVERTS_WEIGHT = 0.6, 0.25, 0.2, 0.1
ELSEWHERE = 0.7
NEAR_IN_MEANING = 0.5
"""From this share of the likeness that occurs a posting answers a question without saying its words."""
SIMILARITY_FLOOR, SIMILARITY_FULL = 0.05, 0.65  # held-out pairs: median 0.45, strangers 0.09


@dataclass(frozen=True)
class Query:
    """What a question names outright and what remains to be searched."""

    kinds: frozenset[str]
    districts: frozenset[str]
    rest: str
    converts: bool = False

    @property
    def asks(self) -> bool:
        """Say whether anything is asked at all."""
        return bool(self.rest or self.kinds or self.districts or self.converts)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """List the telling words of the rest, each once; parts of a longer one say nothing more."""
        telling = dict.fromkeys(word for word in words(self.rest) if word not in _NOISE)
        return tuple(word for word in telling if not any(word in other != word for other in telling))

    def relevance(self, posting: PostingDocument, similarity: float) -> float:
        """Say from 0 to 1 how well a posting answers the question."""
        parts = []
        if self.rest:
            meaning = stretched(similarity)
            said = (meaning + self._said(posting)) / 2 if self.terms else meaning
            parts.append((TEXT_WEIGHT, said))
        if self.kinds:
            parts.append((KIND_WEIGHT, float(posting.kind in self.kinds)))
        if self.districts:
            parts.append((DISTRICT_WEIGHT, float(posting.district in self.districts)))
        if self.converts:
            parts.append((CONVERTS_WEIGHT, float(posting.leads_on)))
        total = sum(weight for weight, _ in parts)
        return sum(weight * part for weight, part in parts) / total if total else 0.0

    def level(self, posting: PostingDocument, similarity: float) -> int:
        """Count what a posting answers: the words first, then each kind, place and 转正 that is named."""
        named = [
            posting.kind in self.kinds if self.kinds else None,
            posting.district in self.districts if self.districts else None,
            posting.leads_on if self.converts else None,
        ]
        answers = not self.terms or self._said(posting) > 0 or stretched(similarity) >= NEAR_IN_MEANING
        return answers * (len(named) + 1) + sum(one is True for one in named)

    def _said(self, posting: PostingDocument) -> float:
        title = posting.title.lower()
        body = "\n".join((posting.duties, posting.requirements, *posting.skills)).lower()
        hits = (1.0 if t in title else ELSEWHERE if t in body else 0.0 for t in self.terms)
        return sum(hits) / len(self.terms)


def parse(text: str) -> Query:
    """Recognise kinds of posting, places and 转正; everything else is searched as words."""
    names, named = _districts(), _named()
    kinds, districts = set(), set()
    for found in named.findall(text):
        if found in KIND_WORDS:
            kinds.add(KIND_WORDS[found])
        else:
            districts.add(names[found if found in names else found.removesuffix("区")])
    rest, conversions = _CONVERTS.subn(" ", named.sub(" ", text))
    return Query(frozenset(kinds), frozenset(districts), " ".join(rest.split()), conversions > 0)


@cache
def _districts() -> Mapping[str, str]:
    """Return the code of every name of a district."""
    with _DISTRICTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ((name, row["code"]) for row in rows for name in (row["name"], *row["aliases"].split("|")))
    return {name: code for name, code in names if name}


@cache
def _named() -> re.Pattern[str]:
    """Return what finds the names, the longest first; 武昌区域经理 asks for a place and a 区域经理."""
    districts, kinds = (
        "|".join(map(re.escape, sorted(names, key=len, reverse=True))) for names in (_districts(), KIND_WORDS)
    )
    return re.compile(f"(?:{districts})区?(?!域)|{kinds}")


def stretched(cosine: float) -> float:
    """Map the cosines that occur between texts of this trade onto [0, 1]."""
    share = (cosine - SIMILARITY_FLOOR) / (SIMILARITY_FULL - SIMILARITY_FLOOR)
    return min(1.0, max(0.0, share))
