"""The judged collection as the matcher's documents with their grades."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from matcher.documents import PostingDocument, ResumeDocument
from matcher.errors import UnreadableCollection

RESUMES, POSTINGS, QRELS = "resumes.jsonl", "postings.jsonl", "qrels.tsv"
WORTH_APPLYING = 2
"""From this grade on the judge would tell the graduate to apply (see GUIDELINE.md)."""
_DAYS = ("published_on", "valid_until", "start_on")

Side = TypeVar("Side", ResumeDocument, PostingDocument)


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """One graded pair; ``resume_id`` is the name under which the split knows the resume."""

    resume_id: str
    resume: ResumeDocument
    posting: PostingDocument
    grade: int


def judged_pairs(folder: Path) -> list[JudgedPair]:
    """Read every graded pair of a folder of judgements."""
    for name in (RESUMES, POSTINGS, QRELS):
        if not (folder / name).is_file():
            raise UnreadableCollection(f"{folder} 里没有文件 {name}")
    resumes = dict(_documents(folder / RESUMES, ResumeDocument))
    postings = dict(_documents(folder / POSTINGS, PostingDocument))
    found = []
    for line in (folder / QRELS).read_text("utf-8").splitlines():
        resume, _, posting, grade = line.split("\t")
        found.append(JudgedPair(resume, resumes[resume], postings[posting], int(grade)))
    return found


def _documents(path: Path, side: type[Side]) -> Iterator[tuple[str, Side]]:
    known = {field.name: field.default for field in fields(side)}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        row = json.loads(line)
        values = {name: _value(name, row[name], known[name]) for name in known if name in row}
        yield row["id"], side(**{**values, "id": number})


def _value(name: str, value: Any, default: object) -> Any:
    if name in _DAYS:
        return date.fromisoformat(value) if value else None
    return type(default)(value) if isinstance(default, tuple | frozenset) else value
