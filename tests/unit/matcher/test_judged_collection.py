"""Folders of judged texts: what is read, what comes back, and what is refused by name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import UnreadableCollection
from matcher.evaluation.collection import JudgedCollection

CORPUS = '{"_id": "d1", "title": "护士", "text": "病房护理"}\n{"_id": "d2", "text": "会计"}\n'
QUERIES = '{"_id": "q1", "text": "护理"}\n{"_id": "q2", "text": "财务"}\n'
QRELS = "q1\t0\td1\t2\nq1\t0\td2\t0\n"


def folder(path: Path, **changes: str | bytes | None) -> Path:
    files = {
        "corpus": ("corpus.jsonl", CORPUS),
        "queries": ("queries.jsonl", QUERIES),
        "qrels": ("qrels.tsv", QRELS),
    }
    for key, (name, usual) in files.items():
        content = changes.get(key, usual)
        if isinstance(content, str):
            (path / name).write_text(content, "utf-8")
        elif content is not None:
            (path / name).write_bytes(content)
    return path


def test_a_folder_is_read_with_titles_before_texts_and_without_queries_that_seek_nothing(tmp_path):
    found = JudgedCollection.read(folder(tmp_path))
    assert found.documents == {"d2": "会计", "d1": "护士\n病房护理"}
    assert list(found.documents) == ["d2", "d1"], "of equal scores trec_eval takes the larger id first"
    assert found.queries == {"q1": "护理"}
    assert found.grades == {"q1": {"d1": 2}}


@pytest.mark.parametrize(
    "qrels",
    [
        pytest.param("query-id\tcorpus-id\tscore\nq1\td1\t2\n", id="BEIR with its header"),
        pytest.param("query\t0\tdocument\tgrade\r\nq1\t0\td1\t2\r\n", id="a header and Windows line ends"),
        pytest.param("q1 0 d1 2\n", id="spaces as in TREC"),
        pytest.param("\ufeffq1\t0\td1\t2.0\n\n", id="byte order mark, decimal grade, empty line"),
        pytest.param("q1\t0\td1\t2\nunknown\t0\td1\t1\nq1\t0\td2\t-1\n", id="unknown query, negative grade"),
    ],
)
def test_judgements_are_read_in_every_usual_form(tmp_path, qrels):
    assert JudgedCollection.read(folder(tmp_path, qrels=qrels)).grades == {"q1": {"d1": 2}}


def test_a_relevant_document_that_is_missing_stays_to_be_found(tmp_path):
    found = JudgedCollection.read(folder(tmp_path, qrels=QRELS + "q1\t0\tgone\t1\n"))
    assert found.grades == {"q1": {"d1": 2, "gone": 1}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"corpus": None}, "没有文件 corpus.jsonl", id="no corpus"),
        pytest.param({"qrels": None}, "没有文件 qrels.tsv", id="no judgements"),
        pytest.param({"corpus": CORPUS + "{broken\n"}, "corpus.jsonl 第 3 行", id="broken JSON"),
        pytest.param({"corpus": '{"_id": "d1"}\n'}, "corpus.jsonl 第 1 行", id="no text"),
        pytest.param(
            {"corpus": '{"_id": "d1", "text": 7}\n'}, "corpus.jsonl 第 1 行", id="a number for a text"
        ),
        pytest.param({"queries": '["q1", "护理"]\n'}, "queries.jsonl 第 1 行", id="a list for an object"),
        pytest.param({"corpus": CORPUS + CORPUS}, "_id d1 重复", id="an id twice"),
        pytest.param({"corpus": ""}, "corpus.jsonl 里没有文字", id="an empty corpus"),
        pytest.param(
            {"queries": '{"_id": "q1", "text": " "}\n'}, "queries.jsonl 里没有文字", id="no words at all"
        ),
        pytest.param({"corpus": b"\xff\xfe\x00"}, "无法按 UTF-8 文本读取", id="not UTF-8"),
        pytest.param({"qrels": "q1\t0\td1\n\tq\n"}, "qrels.tsv 第 2 行应有四列", id="two columns"),
        pytest.param(
            {"qrels": QRELS + "q1\t0\td2\tgood\n"}, "qrels.tsv 第 3 行的等级“good”", id="a word for a grade"
        ),
        pytest.param({"qrels": "q1\t0\td9\t1\n"}, "请核对编号", id="ids that fit nothing"),
        pytest.param({"qrels": ""}, "请核对编号", id="no judgements inside"),
    ],
)
def test_a_broken_folder_is_refused_by_file_and_line(tmp_path, changes, said):
    with pytest.raises(UnreadableCollection, match=said):
        JudgedCollection.read(folder(tmp_path, **changes))


TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip)


def written(texts: dict[str, str]) -> bool:
    return any(texts.values())


IDS = st.text("abc123-/号", min_size=1, max_size=6)


@given(
    st.dictionaries(IDS, TEXTS, min_size=1, max_size=8).filter(written),
    st.dictionaries(IDS, TEXTS, min_size=1, max_size=4).filter(written),
    st.data(),
)
def test_what_is_written_is_read_back(tmp_path_factory, documents, queries, data):
    rows = st.dictionaries(st.sampled_from(sorted(documents)), st.integers(1, 3), min_size=1)
    grades = {id: data.draw(rows) for id in queries}
    collection = JudgedCollection.of(documents, queries, grades)
    written = tmp_path_factory.mktemp("collection")
    collection.write(written)
    assert JudgedCollection.read(written) == collection
