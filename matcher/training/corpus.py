"""The material to learn from: a corpus folder and the project's own lists, without what is held out.

``split.py`` says what is held out. Beyond it, nothing that also stands in the held-out part is learnt:
no posting with the same opening or end, no pair of titles, no sentence.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from matcher.training.split import (
    holds_out_major,
    holds_out_occupation,
    holds_out_posting,
    holds_out_title_group,
    plain_title,
)

SIGNATURE = 60
SAME, VERY_SIMILAR, SENTENCE_FIELDS = "1", 4.0, 4
GENERIC = ("公务员", "事业单位")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as the trainer sees it."""

    title: str
    duties: str
    requirements: str
    source: str

    @property
    def text(self) -> str:
        """Return the whole text, without the title."""
        return f"{self.duties}\n{self.requirements}".strip()


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation with what people and sites call it; ``family`` groups the kindred ones."""

    code: str
    family: str
    names: tuple[str, ...]
    definition: str = ""
    tasks: str = ""
    skills: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return what the classification says of it."""
        return f"{self.definition}{self.tasks}"


class Corpus:
    """Everything the encoder may learn from."""

    def __init__(self, folder: Path, taxonomy: Path) -> None:
        self._folder = folder
        self._taxonomy = taxonomy

    @cached_property
    def postings(self) -> list[Posting]:
        """Read each distinct posting that is not held out, and whose text is not either."""
        rows = list(_json_lines(self._folder / "postings.jsonl.gz"))
        kept_back = {mark for row in rows if holds_out_posting(row) for mark in signatures(row)}
        found: dict[str, Posting] = {}
        for row in rows:
            marks, posting = signatures(row), _posting(row)
            if len(posting.text) >= SIGNATURE and kept_back.isdisjoint(marks):
                found.setdefault(marks[0], posting)
        return list(found.values())

    @cached_property
    def occupations(self) -> list[Occupation]:
        """Read the occupations that are not held out, with everyday titles, skills and majors."""
        return [one for one in self._all_occupations() if not holds_out_occupation(one.code)]

    @cached_property
    def title_groups(self) -> list[tuple[str, ...]]:
        """Read what different sites call one job; the usual title comes first."""
        return [group for group in self._all_title_groups() if not holds_out_title_group(group[0])]

    @cached_property
    def kept_apart(self) -> frozenset[frozenset[str]]:
        """Return the pairs of titles that the comparison may ask: no other place teaches them either."""
        held = [one.names for one in self._all_occupations() if holds_out_occupation(one.code)]
        held += [group for group in self._all_title_groups() if holds_out_title_group(group[0])]
        return frozenset(frozenset((a, b)) for names in held for a in names for b in names if a != b)

    @cached_property
    def majors(self) -> list[tuple[str, str]]:
        """Read majors with their summaries."""
        rows = _json_lines(self._folder / "reference" / "majors_intro.jsonl")
        return [(row["name"], row["summary"]) for row in rows if row.get("summary")]

    @cached_property
    def careers(self) -> list[tuple[str, str]]:
        """Read majors with the occupations they lead to."""
        rows = _csv(self._folder / "reference" / "major_occupation.csv")
        pairs = ((row["major"], row["occupation"]) for row in rows if not holds_out_major(row["major"]))
        return [(major, job) for major, job in pairs if not any(word in job for word in GENERIC)]

    @cached_property
    def bare_texts(self) -> list[str]:
        """Read posting texts that have no title, and postings as bags of nouns."""
        names = ("zhilian_requirements2018.txt.gz", "zhilian_keywords2018.txt.gz")
        lines = (line.strip() for name in names for line in _lines(self._folder / "text" / name))
        return [line for line in lines if len(line) > SIGNATURE]

    @cached_property
    def synonyms(self) -> list[list[str]]:
        """Read sets of words of one meaning."""
        rows = (line.split() for line in _lines(self._folder / "text" / "synonyms_cilin.txt"))
        return [words for head, *words in rows if head.endswith("=") and len(words) > 1]

    @cached_property
    def paraphrases(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Read descriptions and questions that mean the same; none with a sentence of the comparison."""
        text = self._folder / "text"
        asked = {part for row in _sentences(text / "cnsd-sts-dev.txt") for part in row[1:3]}
        rated = (row for row in _sentences(text / "cnsd-sts-train.txt") if float(row[3]) >= VERY_SIMILAR)
        rows = (line.rstrip("\n").split("\t") for line in _lines(text / "atec_train.csv.gz"))
        questions = [(row[1], row[2]) for row in rows if row[-1] == SAME]
        return [(row[1], row[2]) for row in rated if asked.isdisjoint(row[1:3])], questions

    def _all_occupations(self) -> Iterator[Occupation]:
        yield from self._of_classification()
        for row in _csv(self._taxonomy / "job_titles.csv"):
            names = _parted(row["titles"])
            yield Occupation(names[0], f"ISCO {row['isco']}", names)

    def _of_classification(self) -> Iterator[Occupation]:
        known = {row["code"]: row for row in _csv(self._taxonomy / "occupations.csv")}
        for row in _csv(self._folder / "reference" / "occupations_csco2022.csv"):
            if row["definition"]:
                ours = known.get(row["code"], defaultdict(str))
                names = (row["name"], *row["alias"].split(","))
                names = (*(name.removesuffix("L/S").rstrip("LS") for name in names), *_parted(ours["titles"]))
                yield Occupation(
                    code=row["code"],
                    family=row["code"][: len("0-00-00")],
                    names=_distinct(names),
                    definition=row["definition"],
                    tasks=row["tasks"],
                    skills=_parted(ours["skills"]),
                    majors=tuple(name for name in _parted(ours["majors"]) if not holds_out_major(name)),
                )

    def _all_title_groups(self) -> Iterator[tuple[str, ...]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for row in _csv(self._folder / "reference" / "jobtitle_synonyms.csv"):
            groups[row["canonical_title"]].append(row["site_title"])
        return (_distinct((usual, *others)) for usual, others in groups.items())


def signatures(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the opening and the ends of a posting's text, by which copies are known."""
    whole, asked = (_SPACES.sub("", str(row[part] or "")) for part in ("description", "requirements"))
    return whole[:SIGNATURE], whole[-SIGNATURE:], *filter(None, [asked[-SIGNATURE:]])


def _posting(row: dict[str, Any]) -> Posting:
    whole, asked = str(row["description"] or ""), str(row["requirements"] or "")
    duties, found, rest = whole.partition(asked) if asked else (whole, "", "")
    return Posting(
        title=str(row["title"] or "").strip(),
        duties=duties.strip(),
        requirements=(found + rest if found else asked).strip(),
        source=row["source"],
    )


def _parted(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in filter(None, map(str.strip, names)):
        found.setdefault(plain_title(name), name)
    return tuple(found.values())


def _sentences(path: Path) -> list[list[str]]:
    """Read lines of id, sentence, sentence, similarity from 0 to 5."""
    rows = [line.strip().split("||") for line in _lines(path)]
    return [row for row in rows if len(row) == SENTENCE_FIELDS]


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, _lines(path))
