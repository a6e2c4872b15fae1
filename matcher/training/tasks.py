"""What the comparison asks: judged collections made from the corpus folder and from what the project carries.

None needs labels beyond what a site, a catalogue or a classification says itself; the judged resumes carry
grades. Everything asked was kept out of training (``split.py``); what weights were tuned on is not asked.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import UnreadableCollection
from matcher.evaluation.collection import JudgedCollection
from matcher.text import posting_text, resume_text
from matcher.training.judgements import judged_pairs
from matcher.training.pairs import masked
from matcher.training.split import (
    holds_out_major,
    holds_out_occupation,
    holds_out_posting,
    holds_out_resume,
    plain_title,
    tunes,
)

Rows = Iterator[dict[str, Any]]
MOST_TEXTS, LEAST_TEXT, SEED = 1000, 60, 2025
# Broad occupations, read off a title by its key word; a title that names two belongs to none.
BROAD = {
    "客服": "客服|客户服务|售后",
    "采购": "采购",
    "财务": "财务|会计|出纳",
    "行政": "行政|前台|文员|文秘",
    "人事": "人事|招聘|人力",
    "法务": "法务|律师|法律",
    "风控": "风控|合规|风险",
    "物流": "物流|仓库|仓储|货代|配送",
    "外贸": "外贸|单证|国际贸易",
    "销售": "销售|业务员",
    "运营": "运营",
    "市场": "市场|推广|策划",
}


@dataclass(frozen=True, slots=True)
class SentencePairs:
    """Pairs of texts with the similarity people gave them."""

    firsts: list[str]
    seconds: list[str]
    similarity: list[float]


Material = JudgedCollection | SentencePairs


def title_to_text(corpus: Path, *, tuning: bool = False) -> JudgedCollection:
    """Seek a posting's text, its title's words blanked, by the title, among held-out companies."""
    found: dict[str, tuple[str, str]] = {}
    for row in _postings(corpus):
        text = masked(row["description"], row["title"])
        if len(text) >= LEAST_TEXT:
            found.setdefault(plain_title(row["title"]), (row["title"], text))
    found = {title: both for title, both in found.items() if title and tunes(title) is tuning}
    chosen = random.Random(SEED).sample(sorted(found), min(MOST_TEXTS, len(found)))  # noqa: S311
    return JudgedCollection.of(
        {key: found[key][1] for key in chosen},
        {key: found[key][0] for key in chosen},
        {key: {key: 1} for key in chosen},
    )


def broad_occupations(corpus: Path) -> JudgedCollection:
    """Seek all texts of a title's broad occupation (12, by key word) in held-out job51_mixed2018."""
    documents: dict[str, str] = {}
    titles: dict[str, str] = {}
    groups: dict[str, str] = {}
    for number, row in enumerate(_postings(corpus, "job51_mixed2018")):
        named = [group for group, words in BROAD.items() if re.search(words, row["title"])]
        if len(named) == 1:
            id = str(number)
            groups[id] = named[0]
            documents[id] = masked(row["description"], row["title"])
            titles.setdefault(row["title"], id)
    relevant = {id: {other: 1 for other in groups if groups[other] == groups[id]} for id in titles.values()}
    return JudgedCollection.of(documents, {id: title for title, id in titles.items()}, relevant)


def title_to_category(corpus: Path) -> JudgedCollection:
    """Seek the category under which zhaopin_wuhan2024 filed a title, by the title."""
    filed: dict[str, set[str]] = {}
    for row in _json_lines(corpus / "postings.jsonl.gz"):
        if row["source"] == "zhaopin_wuhan2024" and row["category"] and row["title"]:
            filed.setdefault(row["title"].strip(), set()).add(row["category"])
    return _by_name({t: names for t, names in filed.items() if t not in names}, *filed.values())


def major_to_occupation(taxonomy: Path) -> JudgedCollection:
    """Seek the occupations that graduates of a held-out major commonly take up."""
    leads: dict[str, set[str]] = {
        row["major"]: {name for name in row["occupations"].split("|") if name}
        for row in _csv(taxonomy / "major_occupation.csv")
    }
    asked = {major: names for major, names in leads.items() if names and holds_out_major(major)}
    return _by_name(asked, *leads.values())


def alias_to_definition(corpus: Path, *, tuning: bool = False) -> JudgedCollection:
    """Seek the definition and tasks of a held-out occupation by its names and aliases."""
    documents, queries = {}, {}
    for row in _csv(corpus / "reference" / "occupations_csco2022.csv"):
        if row["definition"]:
            documents[row["code"]] = f"{row['definition']}{row['tasks']}"
            names = {name.rstrip("SL") for name in (row["name"], *row["alias"].split(","))}
            if holds_out_occupation(row["code"]) and tunes(row["code"]) is tuning:
                queries.update({f"{row['code']} {name}": name for name in sorted(names) if name})
    return JudgedCollection.of(documents, queries, {id: {id.split()[0]: 1} for id in queries})


def sentence_pairs(corpus: Path) -> SentencePairs:
    """Order the pairs of general sentences of cnsd-sts-dev by their similarity."""
    lines = (corpus / "text" / "cnsd-sts-dev.txt").read_text("utf-8").splitlines()
    rows = [line.split("||") for line in lines if line.strip()]
    return SentencePairs([row[1] for row in rows], [row[2] for row in rows], [float(row[3]) for row in rows])


def name_to_titles(taxonomy: Path, *, tuning: bool = False) -> JudgedCollection:
    """Seek the everyday titles of a held-out occupation by its official name."""
    rows = list(_csv(taxonomy / "occupations.csv"))
    official = {row["name"] for row in rows}
    titles = {row["name"]: set(row["titles"].split("|")) - official for row in rows}
    held = (row for row in rows if holds_out_occupation(row["code"]) and tunes(row["code"]) is tuning)
    asked = {row["name"]: titles[row["name"]] for row in held}
    return _by_name(asked, *titles.values())


def title_to_family(taxonomy: Path) -> JudgedCollection:
    """Seek the titles of a held-out title's unit group of ISCO-08, its own job's other titles included."""
    jobs = [(row["isco"], row["titles"].split("|")) for row in _csv(taxonomy / "job_titles.csv")]
    asked = {titles[0] for _, titles in jobs if holds_out_occupation(titles[0])}
    families: dict[str, set[str]] = {}
    for family, titles in jobs:
        families.setdefault(family, set()).update(set(titles) - asked)
    sought: dict[str, set[str]] = {}
    for family, titles in jobs:
        for title in asked.intersection(titles):
            sought.setdefault(title, set()).update(families[family])
    return _by_name(sought, *families.values())


def resume_to_postings(judgements: Path, *, tuning: bool = False) -> JudgedCollection:
    """Seek the postings a judged resume should be told of."""
    resumes, postings, grades = _judged(judgements, tuning=tuning)
    return JudgedCollection.of(postings, resumes, grades)


def posting_to_resumes(judgements: Path, *, tuning: bool = False) -> JudgedCollection:
    """Seek the judged resumes that should be told of a posting."""
    resumes, postings, grades = _judged(judgements, tuning=tuning)
    turned: dict[str, dict[str, int]] = {}
    for resume, row in grades.items():
        for posting, grade in row.items():
            turned.setdefault(posting, {})[resume] = grade
    return JudgedCollection.of(resumes, postings, turned)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be asked, made from one of the folders, or the reason why it cannot be."""

    build: Callable[[Path], Material]
    folder: Path | None

    @property
    def name(self) -> str:
        """Name the collection, and the folder it is written to."""
        return self.build.__name__.replace("_", "-")

    @property
    def about(self) -> str:
        """Say what is sought by what."""
        return str(self.build.__doc__).partition("\n")[0]

    def material(self) -> Material:
        """Make what is asked; a folder or file that is missing is named."""
        if self.folder is None:
            raise UnreadableCollection("needs --corpus")
        try:
            return self.build(self.folder)
        except FileNotFoundError as error:
            raise UnreadableCollection(f"no file {Path(error.filename).name}") from error


def tasks(corpus: Path | None, carried: Path) -> list[Task]:
    """List what can be asked, of the corpus folder where there is one and of the project's own data."""
    from_corpus = (title_to_text, broad_occupations, title_to_category, alias_to_definition, sentence_pairs)
    from_taxonomy = (name_to_titles, title_to_family, major_to_occupation)
    from_judgements = (resume_to_postings, posting_to_resumes)
    return [
        *(Task(build, corpus) for build in from_corpus),
        *(Task(build, carried / "taxonomy") for build in from_taxonomy),
        *(Task(build, carried / "judgements") for build in from_judgements),
    ]


def _by_name(asked: Mapping[str, set[str]], *documents: set[str]) -> JudgedCollection:
    """Make a collection of names that seek names; each name is its own id."""
    names = set().union(*documents)
    return JudgedCollection.of(
        {name: name for name in names},
        {name: name for name in asked},
        {name: dict.fromkeys(sorted(sought), 1) for name, sought in asked.items()},
    )


def _judged(
    folder: Path, *, tuning: bool
) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, int]]]:
    """Read one half of the judged resumes, and every posting."""
    pairs = judged_pairs(folder)
    kept = [pair for pair in pairs if holds_out_resume(pair.resume_id) is not tuning]
    grades: dict[str, dict[str, int]] = {}
    for pair in kept:
        grades.setdefault(pair.resume_id, {})[str(pair.posting.id)] = pair.grade
    resumes = {pair.resume_id: resume_text(pair.resume) for pair in kept}
    return resumes, {str(pair.posting.id): posting_text(pair.posting) for pair in pairs}, grades


def _postings(corpus: Path, source: str | None = None) -> Rows:
    for row in _json_lines(corpus / "postings.jsonl.gz"):
        if row["title"] and row["description"] and source in {None, row["source"]} and holds_out_posting(row):
            yield row


def _csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _json_lines(path: Path) -> Rows:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
