"""What the words around a mention say of it: how well, how urgently, or not at all.

A clause ends at a comma, a sentence at a full stop, a semicolon, a new line or a numbered item.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

PROFICIENCY = {
    "了解": 1,
    "略懂": 1,
    "接触过": 1,
    "初步掌握": 1,
    "熟悉": 2,
    "基本掌握": 2,
    "会用": 2,
    "会使用": 2,
    "懂得": 2,
    "熟练": 3,
    "熟知": 3,
    "掌握": 3,
    "熟练掌握": 3,
    "熟悉掌握": 3,
    "熟练运用": 3,
    "熟练使用": 3,
    "擅长": 3,
    "精通": 4,
    "深入掌握": 4,
}
"""Words of proficiency, from 1 (knows of it) to 4 (a master)."""

_LEVEL = "|".join(sorted(PROFICIENCY, key=len, reverse=True))
_CUES = re.compile(
    r"(?P<end>[。；;！!？?\n\r•●■▪★☆※◆]|(?<![\d.])\d{1,2}[、.．)）](?!\d))"
    r"|(?P<comma>[，,])"
    r"|(?P<absent>(?:有无|无)[^，,。；;！!\n]{1,12}?(?:均可|亦可|也可|都可)|(?:不论|不管)[^，,。；;！!\n]{1,12})"
    r"|(?P<perk>带薪|年终奖|下午茶|节日福利|生日会|聚餐|员工旅游|定期体检|年度体检|餐补|房补|商业保险|团建活动)"
    r"|(?P<study>(?:等)?(?:相关|有关|相近|类)?的?专业(?![知能技性化人水素服课书教级四八测领经])|类(?=大?专|本科|硕士))"
    r"|(?P<denied>不作要求|不做要求|不要求|不需要?|无需|无须|不必|(?:不会|不懂)(?![^，,。；;\n]{0,12}[勿免])"
    r"|不熟(?!悉)|没用过|没学过|没接触过|未学过)"
    r"|(?P<open>不限)"
    r"|(?P<preferred>优先(?!级|权|股)|加分|[更者为尤]佳|更好)"
    r"|(?P<required>必须|必备|必需|务必|须|(?<![无不所])需(?![求要])|需要|要求(?![：:])|(?<![支坚保维主扶把])持(?!续))"
    rf"|(?P<level>{_LEVEL})"
    r"|(?P<turn>(?<![具所拥没])有(?![限机色效关声氧])|具有|具备|拥有|负责|参与|能够|能独立|曾)"
)
_HEADING = re.compile(r"\s*(?:条件|考虑|项|要求)?\s*[：:]")
_CONDITION = re.compile(r"\s*(?:如有|若|有(?![限机色效关声氧])|具有|具备|持(?!续))")
_CERTIFICATE = re.compile(r"[证书级格]|[ -~]")
_NO_LIST = re.compile(r"[的了有会能知：:(（]|经验|优先|以上")
_BEFORE, _AFTER, _NEAR, _LIST = 12, 6, 15, 40
_SENTENCE = frozenset({"end"})
_CLAUSE = frozenset({"end", "comma"})
_BUT_COMMAS = frozenset(_CUES.groupindex) - {"comma"}


@dataclass(frozen=True, slots=True)
class Demand:
    """How well (1-4) and how urgently (must: true, a plus: false) something is named."""

    proficiency: int | None = None
    required: bool | None = None


class _Cue(NamedTuple):
    kind: str
    start: int
    end: int
    word: str


class Clauses:
    """A text's cues, read once, asked for every mention in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cues = [
            _Cue(match.lastgroup or "", match.start(), match.end(), match.group())
            for match in _CUES.finditer(text)
        ]
        self._starts = [cue.start for cue in self._cues]

    def demand(self, start: int, end: int) -> Demand | None:
        """Return what is said of ``text[start:end]``; None where it is not asked or not known."""
        here, there = bisect_left(self._starts, start), bisect_left(self._starts, end)
        sentence = self._cues[self._back(here, _SENTENCE) : here]
        first, last = self._back(here, _CLAUSE), self._on(there, _CLAUSE)
        clause, after = self._cues[first:here], self._cues[there:last]
        if _inside(clause, start) or self._denied(clause, after, start, end):
            return None
        if self._studied(sentence, there, end) or self._perk(sentence, there, start, end):
            return None
        if self._conditional(first):
            after = self._cues[there : self._on(last + 1, _CLAUSE)]
        return Demand(self._level(sentence, after, end), self._urgency(sentence, clause, after))

    def _back(self, place: int, borders: frozenset[str]) -> int:
        while place and self._cues[place - 1].kind not in borders:
            place -= 1
        return place

    def _on(self, place: int, borders: frozenset[str]) -> int:
        while place < len(self._cues) and self._cues[place].kind not in borders:
            place += 1
        return place

    def _conditional(self, first: int) -> bool:
        """Say whether a clause opens a condition that the next one may close: 有证书，会开车者优先."""
        return bool(_CONDITION.match(self._text, self._cues[first - 1].end if first else 0))

    def _denied(self, clause: list[_Cue], after: list[_Cue], start: int, end: int) -> bool:
        """Say whether it is refused before (无需驾照) or after it (驾照不作要求、英语不限)."""
        if clause and clause[-1].kind == "denied" and start - clause[-1].end <= _BEFORE:
            return True
        if not after or after[0].kind not in {"denied", "open"}:
            return False
        near = _AFTER if after[0].kind == "denied" else 0
        return after[0].start - end <= near and self._closes(after[0])

    def _studied(self, sentence: list[_Cue], there: int, end: int) -> bool:
        """Say whether what is named is a major: 会计、审计等相关专业, but not 护士证，护理专业."""
        if _CERTIFICATE.match(self._text, end - 1):
            return False
        if any(cue.kind == "study" and _HEADING.match(self._text, cue.end) for cue in sentence):
            return True
        last = self._on(there, _BUT_COMMAS)
        if last == len(self._cues) or self._cues[last].kind != "study":
            return False
        study = self._cues[last]
        gap = self._text[end : study.start]
        listed = last == there or study.word[0] in "等类"
        return listed and len(gap) <= _LIST and not _NO_LIST.search(gap)

    def _perk(self, sentence: list[_Cue], there: int, start: int, end: int) -> bool:
        """Say whether it stands among what the employer gives: 聚餐、瑜伽、带薪培训."""
        ahead = any(cue.kind == "perk" and start - cue.end <= _NEAR for cue in sentence)
        after = self._cues[there : self._on(there, _SENTENCE)]
        return ahead or any(cue.kind == "perk" and cue.start - end <= _NEAR for cue in after)

    def _level(self, sentence: list[_Cue], after: list[_Cue], end: int) -> int | None:
        if after and after[0].kind == "level" and self._attached(after[0], end):
            return PROFICIENCY[after[0].word]
        for cue in reversed(sentence):
            if cue.kind == "level":
                return PROFICIENCY[cue.word]
            if cue.kind == "turn":
                return None
        return None

    def _attached(self, cue: _Cue, end: int) -> bool:
        """Say whether a level word closes what it follows: Excel（精通）, but not Java熟悉Spring."""
        return not self._text[end : cue.start].strip(" （(:：-") and self._closes(cue)

    def _closes(self, cue: _Cue) -> bool:
        return not self._text[cue.end : cue.end + 1].isalnum()

    def _urgency(self, sentence: list[_Cue], clause: list[_Cue], after: list[_Cue]) -> bool | None:
        headed = any(cue.kind == "preferred" and _HEADING.match(self._text, cue.end) for cue in sentence)
        if headed or any(cue.kind == "preferred" for cue in after):
            return False
        return any(cue.kind == "required" for cue in (*clause, *after)) or None


def _inside(clause: list[_Cue], start: int) -> bool:
    return bool(clause) and clause[-1].kind == "absent" and start < clause[-1].end
