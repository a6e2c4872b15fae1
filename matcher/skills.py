"""A vocabulary of skills and where a text mentions them."""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

DEFAULT_WEIGHT = 5.0


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: its usual name, other spellings, its field and how telling it is (idf)."""

    term: str
    aliases: tuple[str, ...] = ()
    category: str = ""
    weight: float = DEFAULT_WEIGHT


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text, at ``text[start:end]``."""

    term: str
    start: int
    end: int


class Vocabulary:
    """Skills by every spelling, found in one pass over a text."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self.skills: tuple[Skill, ...] = tuple(skills)
        self._by_spelling: dict[str, Skill] = {}
        for skill in self.skills:
            for spelling in (skill.term, *skill.aliases):
                self._by_spelling.setdefault(_folded(spelling), skill)
        self._spellings = list(self._by_spelling)
        self._automaton = AhoCorasick(self._spellings, matchkind=MatchKind.LeftmostLongest)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a CSV of ``term,aliases,category,weight`` with aliases parted by ``|``."""
        with path.open(encoding="utf-8", newline="") as lines:
            return cls(
                Skill(
                    term=row["term"],
                    aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
                    category=row["category"],
                    weight=float(row.get("weight") or DEFAULT_WEIGHT),
                )
                for row in csv.DictReader(lines)
            )

    def __len__(self) -> int:
        return len(self.skills)

    @cached_property
    def columns(self) -> dict[str, int]:
        """Number the terms, for matrices of documents by skills."""
        return {skill.term: column for column, skill in enumerate(self.skills)}

    @cached_property
    def weights(self) -> dict[str, float]:
        """Give each term's weight: rare skills tell more than common ones."""
        return {skill.term: skill.weight for skill in self.skills}

    @cached_property
    def digest(self) -> str:
        """Name this list of terms: matrices of another list are stale."""
        content = "\n".join(f"{skill.term}|{'|'.join(skill.aliases)}" for skill in self.skills)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def canonical(self, name: str) -> str:
        """Return the usual name of a skill, or the given name where it is unknown."""
        skill = self._by_spelling.get(_folded(name.strip()))
        return skill.term if skill else name.strip()

    def weight(self, term: str) -> float:
        """Return how telling a term is; unknown ones weigh as an ordinary skill."""
        return self.weights.get(term, DEFAULT_WEIGHT)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Find every skill a text names; offsets count in the text as given."""
        folded = _folded(text)
        found = self._automaton.find_matches_as_indexes(folded)
        return tuple(
            Mention(self._by_spelling[self._spellings[which]].term, start, end)
            for which, start, end in found
            if _stands_alone(folded, start, end)
        )

    def terms(self, names: Sequence[str], *texts: str) -> frozenset[str]:
        """Gather the skills listed by name and those mentioned in texts."""
        listed = {self.canonical(name) for name in names if name.strip()}
        return frozenset(listed.union(*({m.term for m in self.mentions(text)} for text in texts)))


class _Folds(dict[int, str]):
    """Lower case and half width, one character for one, so that offsets stay true.

    Half a surrogate pair is no character; it becomes the replacement character.
    """

    def __missing__(self, code: int) -> str:
        sign = "\ufffd" if unicodedata.category(chr(code)) == "Cs" else chr(code)
        folded = unicodedata.normalize("NFKC", sign).lower()
        self[code] = folded if len(folded) == 1 else sign
        return self[code]


_FOLDS = _Folds()


def _folded(text: str) -> str:
    return text.translate(_FOLDS)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Refuse "go" in "google", "c" in "c++" and "r" in "r&d"; Chinese terms need no border."""
    if not (text[start].isascii() or text[end - 1].isascii()):
        return True
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    follows = text[end : end + 2]
    return not (
        (text[start].isascii() and _is_latin(before))
        or (_is_latin(text[end - 1]) and (_is_letter(after) or after in "+#&"))
        or (_is_latin(text[end - 1]) and len(follows) == 2 and follows[0] == "." and _is_letter(follows[1]))  # noqa: PLR2004
        or (end - start == 1 and (before in "&-.'" or after in "-'" or after.isdigit()))
    )


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
