"""Judged collections of plain texts: documents, queries and grades, in memory or in a folder.

A folder holds ``corpus.jsonl`` (``_id``, ``text``, optional ``title``), ``queries.jsonl`` (``_id``, ``text``)
and ``qrels.tsv``: query, 0, document, grade parted by tabs, or the three columns of BEIR without the 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import UnreadableCollection

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"
_TREC_COLUMNS, _BEIR_COLUMNS = 4, 3


@dataclass(frozen=True, slots=True)
class JudgedCollection:
    """Texts by id, and for each query the grades (above 0) of its relevant documents.

    Documents are ordered by falling id, so that of equal scores trec_eval's choice comes first.
    Relevant documents that the collection lacks stay: no method can find them.
    """

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(
        cls,
        documents: Mapping[str, str],
        queries: Mapping[str, str],
        grades: Mapping[str, Mapping[str, int]],
    ) -> JudgedCollection:
        """Put documents in order and keep the queries for which something is relevant."""
        relevant = {
            query: {document: grade for document, grade in row.items() if grade > 0}
            for query, row in grades.items()
            if query in queries
        }
        judged = {query: row for query, row in relevant.items() if row}
        return cls(
            {id: documents[id] for id in sorted(documents, reverse=True)},
            {id: text for id, text in queries.items() if id in judged},
            judged,
        )

    @classmethod
    def read(cls, folder: Path) -> JudgedCollection:
        """Read a folder; what is missing or broken is named by file and line."""
        for name in (CORPUS, QUERIES, QRELS):
            if not (folder / name).is_file():
                raise UnreadableCollection(f"{folder} 里没有文件 {name}")
        found = cls.of(_texts(folder / CORPUS), _texts(folder / QUERIES), _grades(folder / QRELS))
        if not any(id in found.documents for row in found.grades.values() for id in row):
            raise UnreadableCollection(
                f"{folder / QRELS} 没有为 {QUERIES} 中的任何查询标出 {CORPUS} 中的相关文档：请核对编号"
            )
        return found

    def write(self, folder: Path) -> None:
        """Write the folder form, which ``read`` takes back unchanged."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, texts in ((CORPUS, self.documents), (QUERIES, self.queries)):
            with (folder / name).open("w", encoding="utf-8") as lines:
                for id, text in texts.items():
                    lines.write(json.dumps({"_id": id, "text": text}, ensure_ascii=False) + "\n")
        with (folder / QRELS).open("w", encoding="utf-8") as lines:
            for query, row in self.grades.items():
                lines.writelines(f"{query}\t0\t{document}\t{grade}\n" for document, grade in row.items())


def _texts(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            text = "\n".join(filter(None, (_text(row.get("title") or ""), _text(row["text"]))))
            id = str(row["_id"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableCollection(f"{path} 第 {number} 行不是带 _id 和 text 的 JSON 对象") from error
        if id in found:
            raise UnreadableCollection(f"{path} 第 {number} 行的 _id {id} 重复")
        found[id] = text
    if not any(found.values()):
        raise UnreadableCollection(f"{path} 里没有文字")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value.strip()


def _grades(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) not in {_BEIR_COLUMNS, _TREC_COLUMNS}:
            raise UnreadableCollection(f"{path} 第 {number} 行应有四列：查询、0、文档、等级，以制表符分隔")
        query, document, grade = cells[0].strip(), cells[-2].strip(), cells[-1].strip()
        try:
            found.setdefault(query, {})[document] = round(float(grade))
        except (ValueError, OverflowError) as error:
            if number == 1:
                continue  # a header
            raise UnreadableCollection(f"{path} 第 {number} 行的等级“{grade}”不是数字") from error
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableCollection(f"{path} 无法按 UTF-8 文本读取") from error
