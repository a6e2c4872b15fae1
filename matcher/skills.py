"""A vocabulary of skills and where a text mentions them."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from matcher.clauses import Clauses

DEFAULT_WEIGHT = 5.0
NEAR = 4
"""So many signs a listed letter, its mark and the blanks beside it take at most."""
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z0-9])")
_LISTED = re.compile(r"(?<![a-z0-9])([a-z])\s?[、,]\s?\Z")


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: its usual name, other spellings, its field and how telling it is (idf).

    ``ladder`` and ``level`` place a certificate among those of its kind, 1 the lowest;
    ``unless`` lists longer words that contain a spelling and mean something else, with a blank between
    Latin and Chinese or without.
    """

    term: str
    aliases: tuple[str, ...] = ()
    category: str = ""
    weight: float = DEFAULT_WEIGHT
    ladder: str = ""
    level: int = 0
    unless: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return every way to write it, the usual one first."""
        return (self.term, *self.aliases)


@dataclass(frozen=True, slots=True)
class Mention:
    """A skill named in a text, at ``text[start:end]``, with what the words around it say.

    ``proficiency`` runs from 1 (了解) to 4 (精通); ``required`` is true for a must, false for a plus.
    """

    term: str
    start: int
    end: int
    proficiency: int | None = None
    required: bool | None = None


class Vocabulary:
    """Skills by every spelling, found in one pass over a text."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self.skills: tuple[Skill, ...] = tuple(skills)
        self._by_spelling: dict[str, Skill] = {}
        for skill in self.skills:
            for spelling in skill.spellings:
                self._by_spelling.setdefault(folded(spelling), skill)
        others = {way for skill in self.skills for word in skill.unless for way in _ways(folded(word))}
        self._spellings = [*self._by_spelling, *sorted(others - self._by_spelling.keys())]
        self._automaton = AhoCorasick(self._spellings, matchkind=MatchKind.LeftmostLongest)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read a CSV with a column for each field of ``Skill``; lists are parted by ``|``."""
        with path.open(encoding="utf-8", newline="") as lines:
            return cls(
                Skill(
                    term=row["term"],
                    aliases=_parted(row["aliases"]),
                    category=row["category"],
                    weight=float(row["weight"]),
                    ladder=row["ladder"],
                    level=int(row["level"] or 0),
                    unless=_parted(row["unless"]),
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
    def names(self) -> tuple[str, ...]:
        """List the terms by their numbers."""
        return tuple(skill.term for skill in self.skills)

    @cached_property
    def weights(self) -> dict[str, float]:
        """Give each term's weight: rare skills tell more than common ones."""
        return {skill.term: skill.weight for skill in self.skills}

    @cached_property
    def _rungs(self) -> dict[str, tuple[str, int]]:
        return {skill.term: (skill.ladder, skill.level) for skill in self.skills if skill.ladder}

    @cached_property
    def digest(self) -> str:
        """Name this list of terms: matrices of another list are stale."""
        content = "\n".join("|".join((*skill.spellings, "", *skill.unless)) for skill in self.skills)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    def canonical(self, name: str) -> str:
        """Return the usual name of a skill, or the given name where it is unknown."""
        skill = self._by_spelling.get(folded(name.strip()))
        return skill.term if skill else name.strip()

    def weight(self, term: str) -> float:
        """Return how telling a term is; unknown ones weigh as an ordinary skill."""
        return self.weights.get(term, DEFAULT_WEIGHT)

    def covers(self, shown: str, asked: str) -> bool:
        """Tell whether a term shown meets one asked: the same, or a rung as high on its ladder."""
        if shown == asked:
            return True
        mine, theirs = self._rungs.get(shown), self._rungs.get(asked)
        return bool(mine and theirs and mine[0] == theirs[0] and mine[1] >= theirs[1])

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Find every skill a text names and does not deny; offsets count in the text as given."""
        plain = folded(text)
        found = [
            (self._by_spelling[self._spellings[which]].term, start, end)
            for which, start, end in self._automaton.find_matches_as_indexes(plain)
            if which < len(self._by_spelling) and _stands_alone(plain, start, end)
        ]
        if not found:
            return ()
        clauses = Clauses(plain)
        asked = ((term, start, end, clauses.demand(start, end)) for term, start, end in found)
        return tuple(
            Mention(term, start, end, demand.proficiency, demand.required)
            for term, start, end, demand in asked
            if demand is not None
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


def folded(text: str) -> str:
    """Return a text in lower case and half width, as long as it was."""
    return text.translate(_FOLDS)


def _parted(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _ways(word: str) -> set[str]:
    """Return a folded word as people write it: C类 and C 类."""
    return {word, _BORDER.sub(" ", word)}


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Refuse "go" in "google", "c" in "c++", "a、b、c" and "r" in "r&d"; Chinese terms need no border."""
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
        or (end - start == 1 and _counts_on(text, start))
    )


def _counts_on(text: str, at: int) -> bool:
    """Say whether a letter follows the one before it in the alphabet, as grades are listed: A、B、C."""
    listed = _LISTED.search(text, max(0, at - NEAR), at)
    return listed is not None and ord(listed[1]) + 1 == ord(text[at])


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
