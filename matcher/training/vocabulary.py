"""The skill vocabulary: gathered from occupations, decided by a reviewed list, weighed by postings.

Every term of ``occupations.csv`` is proposed; short ones, job titles and names of majors need a
``keep``. What merely occurs in postings enters by a ``keep`` alone: ``proposals`` lists what is
frequent there and undecided. A term that one occupation of the production class alone proposes
must also be used in the corpus. Weights are idf over the mean of the sources' shares of documents,
so that the many advertisements for programmers do not make nursing look rare.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from matcher.skills import Skill, Vocabulary, folded

LEAST, MOST = 1.0, 6.0
TOO_FREQUENT = 0.08
PRODUCTION = "6"
COLUMNS = tuple(column.name for column in fields(Skill))
_SHORT = re.compile(r"[\u4e00-\u9fff]{1,2}|[a-z0-9&/+. -]{1,4}")
_TITLE = re.compile(r".+(?:师|员|工人|工|专员|经理|主管|总监|助理|顾问|组长|家|者|人员)")
_SIGNS = re.compile(r"[\s·\-_/（）()]+")
_ENDINGS = (
    ("职业资格证书", "证"), ("职业资格证", "证"), ("资格证书", "证"), ("资格证", "证"),
    ("执业证", "证"), ("证书", "证"), ("程序设计", "编程"), ("软件", ""), ("技术", ""), ("工具", ""),
)  # fmt: skip
"""Endings that do not change what is meant, with what stands for them."""


@dataclass(slots=True)
class Review:
    """What was decided, read from ``skills_review.csv`` and ``skill_ladders.csv``."""

    kept: dict[str, Skill] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    unless: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, taxonomy: Path) -> Review:
        """Read the decisions; a rung of a ladder is kept with its spellings."""
        review = cls()
        for row in _rows(taxonomy / "skill_ladders.csv"):
            rung = Skill(row["term"], (), row["category"], MOST, row["ladder"], int(row["level"]))
            review.kept[folded(rung.term)] = rung
            review.aliases.update((alias, rung.term) for alias in row["aliases"].split("|") if alias)
        for row in _rows(taxonomy / "skills_review.csv"):
            review._take(row["term"], row["decision"], row["value"])
        return review

    def _take(self, term: str, decision: str, value: str) -> None:
        if decision == "keep":
            self.kept.setdefault(folded(term), Skill(term, (), value, MOST))
        elif decision == "alias_of":
            self.aliases.setdefault(term, value)
        elif decision == "unless":
            self.unless[folded(value)].append(term)
        elif decision == "drop":
            self.dropped.add(folded(term))
        else:
            known = "keep、drop、alias_of 或 unless"
            raise ValueError(f"skills_review.csv 里“{term}”的决定“{decision}”不认识，请写 {known}")


def build(corpus: Path, taxonomy: Path) -> list[Skill]:
    """Make the vocabulary from the texts in CORPUS and the lists in TAXONOMY; the same every time."""
    review = Review.load(taxonomy)
    skills = _spelled(_chosen(review, taxonomy), review)
    shares = document_shares(corpus, Vocabulary(skills))
    unproved = _unproved(taxonomy)
    usual = (
        _with(skill, weight=weight_of(share))
        for skill in skills
        for key, share in [(folded(skill.term), shares[skill.term])]
        if key in review.kept or (share <= TOO_FREQUENT and (share or key not in unproved))
    )
    return sorted(usual, key=lambda skill: (skill.category, skill.ladder, skill.level, folded(skill.term)))


def weight_of(share: float) -> float:
    """Return the idf of a term that stands in this share of documents, from 1 to 6."""
    return round(min(MOST, max(LEAST, -math.log(max(share, math.exp(-MOST))))), 1)


def write(skills: Iterable[Skill], path: Path) -> None:
    """Write the CSV that ``Vocabulary.load`` reads."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for skill in skills:
            cells = (getattr(skill, column) for column in COLUMNS)
            writer.writerow("|".join(cell) if isinstance(cell, tuple) else cell or "" for cell in cells)


def major_categories(taxonomy: Path) -> dict[str, str]:
    """Map each category to one of the twelve major categories, or to none for what all share."""
    return {row["category"]: row["major_category"] for row in _rows(taxonomy / "skill_categories.csv")}


def proposals(corpus: Path, taxonomy: Path, least: int) -> list[tuple[str, int]]:
    """List what at least so many postings name as a skill and nobody has decided on."""
    review = Review.load(taxonomy)
    skills = _spelled(_chosen(review, taxonomy), review)
    decided = review.dropped | {folded(spelling) for skill in skills for spelling in skill.spellings}
    listed = Counter(
        folded(str(name).strip()) for row in _postings(corpus) for name in set(row["skills"] or ())
    )
    return [(name, count) for name, count in listed.most_common() if count >= least and name not in decided]


def document_shares(corpus: Path, vocabulary: Vocabulary) -> dict[str, float]:
    """Return for each term the share of documents naming it, averaged over the sources."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for source, text in _texts(corpus):
        sizes[source] += 1
        found[source].update({mention.term for mention in vocabulary.mentions(text)})
    return {
        skill.term: math.fsum(found[source][skill.term] / size for source, size in sizes.items()) / len(sizes)
        for skill in vocabulary.skills
    }


def _chosen(review: Review, taxonomy: Path) -> list[Skill]:
    """Return the terms the review keeps and those occupations propose, one for each meaning."""
    known = {_meaning(skill.term) for skill in review.kept.values()}
    known |= {_meaning(alias) for alias in review.aliases}
    avoided = review.dropped | {folded(row["name"]) for row in _rows(taxonomy / "majors.csv")}
    skills = [skill for key, skill in review.kept.items() if key not in review.dropped]
    for term, category in _proposed(taxonomy):
        key, meaning = folded(term), _meaning(term)
        if key in avoided or meaning in known or _SHORT.fullmatch(key) or _TITLE.fullmatch(term):
            continue
        known.add(meaning)
        skills.append(Skill(term, (), category, MOST))
    return skills


def _proposed(taxonomy: Path) -> Iterator[tuple[str, str]]:
    """Yield each skill of the occupations with the category most of them belong to, shortest first."""
    prefixes = {
        prefix: row["category"]
        for row in _rows(taxonomy / "skill_categories.csv")
        for prefix in row["occupations"].split("|")
        if prefix
    }
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _rows(taxonomy / "occupations.csv"):
        category = prefixes[max((p for p in prefixes if row["code"].startswith(p)), key=len)]
        for term in row["skills"].split("|"):
            if term:
                found[term][category] += 1
    for term in sorted(found, key=lambda t: (-found[t].total(), len(t), t)):
        yield term, found[term].most_common(1)[0][0]


def _unproved(taxonomy: Path) -> set[str]:
    """Return what a single occupation of the production class proposes, and no other."""
    codes: dict[str, list[str]] = defaultdict(list)
    for row in _rows(taxonomy / "occupations.csv"):
        for term in row["skills"].split("|"):
            codes[folded(term)].append(row["code"])
    return {term for term, where in codes.items() if len(where) == 1 and where[0].startswith(PRODUCTION)}


def _spelled(skills: list[Skill], review: Review) -> list[Skill]:
    """Give each term its other spellings and the longer words that are not it."""
    spellings: dict[str, list[str]] = defaultdict(list)
    taken = {folded(skill.term) for skill in skills}
    for alias, term in review.aliases.items():
        if folded(alias) not in taken:
            taken.add(folded(alias))
            spellings[folded(term)].append(alias)
    return [
        _with(skill, aliases=tuple(spellings[key]), unless=tuple(sorted(review.unless.get(key, ()))))
        for skill in skills
        for key in [folded(skill.term)]
    ]


def _meaning(term: str) -> str:
    """Return what spellings of one thing share: case, width, signs and empty endings go."""
    key = _SIGNS.sub("", folded(term))
    for ending, instead in _ENDINGS:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            return key.removesuffix(ending) + instead
    return key


def _with(skill: Skill, **changes: object) -> Skill:
    values = {column: getattr(skill, column) for column in COLUMNS} | changes
    return Skill(**values)


def _texts(corpus: Path) -> Iterator[tuple[str, str]]:
    for row in _postings(corpus):
        parts = (str(row[name] or "") for name in ("title", "description", "requirements"))
        yield row["source"], "\n".join(parts)
    for path in sorted((corpus / "text").glob("zhilian_*.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from ((path.name, line) for line in lines)


def _postings(corpus: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(corpus / "postings.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
