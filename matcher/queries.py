"""A question in plain Chinese as kinds, districts and the words that remain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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
DISTRICT_WORDS: Mapping[str, str] = {
    "东湖新技术开发区": "WH-DHGX",
    "东湖高新": "WH-DHGX",
    "光谷": "WH-DHGX",
    "武汉经济技术开发区": "WH-JKQ",
    "武汉经开": "WH-JKQ",
    "经开区": "WH-JKQ",
    "沌口": "WH-JKQ",
    "车谷": "WH-JKQ",
    "东湖风景区": "WH-DHFJ",
    "长江新区": "WH-CJXQ",
    "江岸": "420102",
    "江汉": "420103",
    "硚口": "420104",
    "汉阳": "420105",
    "武昌": "420106",
    "青山": "420107",
    "洪山": "420111",
    "东西湖": "420112",
    "汉南": "420113",
    "蔡甸": "420114",
    "江夏": "420115",
    "黄陂": "420116",
    "新洲": "420117",
}
_NOISE = frozenset(
    {*"的了吗呢能有找想要我在是和与或", "可以", "希望", "工作", "岗位", "职位", "招聘", "武汉"}
)
_NAMED = re.compile(
    "|".join(
        f"(?:{re.escape(word)}){suffix}"
        for names, suffix in ((DISTRICT_WORDS, "区?"), (KIND_WORDS, ""))
        for word in sorted(names, key=len, reverse=True)
    )
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
    kinds, districts = set(), set()
    for found in _NAMED.findall(text):
        if found in KIND_WORDS:
            kinds.add(KIND_WORDS[found])
        else:
            known = found if found in DISTRICT_WORDS else found.removesuffix("区")
            districts.add(DISTRICT_WORDS[known])
    rest, conversions = _CONVERTS.subn(" ", _NAMED.sub(" ", text))
    return Query(frozenset(kinds), frozenset(districts), " ".join(rest.split()), conversions > 0)


def stretched(cosine: float) -> float:
    """Map the cosines that occur between texts of this trade onto [0, 1]."""
    share = (cosine - SIMILARITY_FLOOR) / (SIMILARITY_FULL - SIMILARITY_FLOOR)
    return min(1.0, max(0.0, share))
