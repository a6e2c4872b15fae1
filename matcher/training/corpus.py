"""Real postings and reference texts, read from a folder and split without leaks."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT_SHARE = 12
_SPACES = re.compile(r"\s+")
_SIGNATURE = 60


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as the trainer sees it."""

    title: str
    duties: str
    requirements: str
    skills: tuple[str, ...]
    held_out: bool

    @property
    def text(self) -> str:
        """Return the whole text, without the title."""
        return f"{self.duties}\n{self.requirements}".strip()


def postings(folder: Path) -> list[Posting]:
    """Read each distinct posting once; one in twelve is held out by employer and title.

    A text that also stands in the held-out part, under whatever title, is left out of training.
    """
    found: dict[str, Posting] = {}
    kept_back: set[str] = set()
    for row in _json_lines(folder / "postings.jsonl.gz"):
        posting = _posting(row)
        if len(posting.text) < _SIGNATURE:
            continue
        signature = _signature(posting.text)
        found.setdefault(signature, posting)
        if posting.held_out:
            kept_back.add(signature)
            found[signature] = posting
    return [posting for signature, posting in found.items() if posting.held_out or signature not in kept_back]


def occupations(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield names of occupations with what the national classification says of them."""
    with (folder / "reference" / "occupations_csco2022.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["definition"]:
                names = {row["name"].rstrip("SL"), *(a.rstrip("SL") for a in row["alias"].split(","))}
                for name in sorted(filter(None, names)):
                    yield name, f"{row['definition']}{row['tasks']}"


def majors(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield majors with their summaries and the occupations they lead to."""
    for row in _json_lines(folder / "reference" / "majors_intro.jsonl"):
        if row.get("summary"):
            yield row["name"], row["summary"]
    with (folder / "reference" / "major_occupation.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if "公务员" not in row["occupation"] and "事业单位" not in row["occupation"]:
                yield row["major"], row["occupation"]


def title_variants(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield job titles as sites write them beside the usual title."""
    with (folder / "reference" / "jobtitle_synonyms.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["site_title"] != row["canonical_title"]:
                yield row["site_title"], row["canonical_title"]


def synonyms(folder: Path) -> Iterator[list[str]]:
    """Yield sets of words of one meaning."""
    for line in (folder / "text" / "synonyms_cilin.txt").read_text("utf-8").splitlines():
        head, *words = line.split()
        if head.endswith("=") and len(words) > 1:
            yield words


def bare_texts(folder: Path) -> Iterator[str]:
    """Yield posting texts that have no title, and postings as bags of nouns."""
    for name in ("zhilian_requirements2018.txt.gz", "zhilian_keywords2018.txt.gz"):
        with gzip.open(folder / "text" / name, "rt", encoding="utf-8") as lines:
            yield from (line.strip() for line in lines if len(line) > _SIGNATURE)


def _posting(row: dict[str, Any]) -> Posting:
    title = str(row["title"] or "").strip()
    whole, asked = str(row["description"] or ""), str(row["requirements"] or "")
    duties = whole[: -len(asked)] if asked and whole.endswith(asked) else whole
    skills = row["skills"] if isinstance(row["skills"], list) else []
    key = f"{row['company']}|{title}".encode()
    held_out = int(hashlib.sha256(key).hexdigest(), 16) % HELD_OUT_SHARE == 0
    return Posting(title, duties.strip(), asked.strip(), tuple(map(str, skills)), held_out)


def _signature(text: str) -> str:
    return _SPACES.sub("", text)[:_SIGNATURE]


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
