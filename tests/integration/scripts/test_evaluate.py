"""The evaluating commands as a person meets them: figures, JSON, and one sentence when something is wrong."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher.evaluation.collection import JudgedCollection
from scripts.__main__ import main

MODES = ["dense", "lexical", "tfidf", "hybrid"]
TITLES = {"d1": "护士", "d2": "会计", "d3": "数控车床操作工", "d4": "客服专员", "d5": "Java 开发工程师"}
QUERIES = {"q1": ("护士长", {"d1": 2}), "q2": ("财务会计", {"d2": 1}), "q3": ("Java 程序员", {"d5": 1})}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    JudgedCollection.of(
        TITLES, {id: text for id, (text, _) in QUERIES.items()}, {id: row for id, (_, row) in QUERIES.items()}
    ).write(tmp_path)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_prints_its_figures(folder, mode):
    done = run("evaluate", "--collection", folder, "--mode", mode, "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert (figures["mode"], figures["queries"], figures["documents"]) == (mode, 3, 5)
    assert figures["map"] == figures["ndcg@10"] == figures["mrr@10"] == figures["recall@100"] == 1
    assert figures["latency_ms_p50"] > 0
    assert (figures["texts_per_second"] is None) == (mode in {"lexical", "tfidf"})


def test_hybrid_is_the_usual_mode_and_figures_are_printed_line_by_line(folder):
    done = run("evaluate", "--collection", folder)
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names[:7] == ["mode", "queries", "documents", "map", "ndcg@10", "recall@100", "mrr@10"]
    assert done.stdout.splitlines()[0].split()[1] == "hybrid"


def test_another_encoder_is_taken_by_folder_and_a_wrong_name_is_refused(folder, tmp_path):
    done = run("evaluate", "--collection", folder, "--encoder", tmp_path / "nothing-here", "--mode", "dense")
    assert done.exit_code == 1
    assert "nothing-here" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("qrels.tsv", None, "没有文件 qrels.tsv", id="a missing file"),
        pytest.param("corpus.jsonl", "not json\n", "corpus.jsonl 第 1 行", id="a broken line"),
        pytest.param("qrels.tsv", "x\t0\ty\t1\n", "请核对编号", id="judgements of something else"),
    ],
)
def test_a_broken_folder_ends_in_one_sentence(folder, name, content, said):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, "utf-8")
    done = run("evaluate", "--collection", folder, "--mode", "lexical")
    assert done.exit_code == 1
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of postings of many companies, so that some are held out, and pairs of sentences."""
    trades = ("客服专员", "采购助理", "财务会计", "行政前台", "法务经理", "物流专员")
    (tmp_path / "text").mkdir()
    with gzip.open(tmp_path / "postings.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number in range(600):
            trade = trades[number % len(trades)]
            row = {
                "source": "job51_mixed2018",
                "title": f"{trade}{number}组",
                "description": f"{number}号岗位：负责本部门{trade[:2]}相关的日常事务，整理单据与记录，"
                "按流程跟进并定期汇报，与各部门沟通协调，完成上级交办的其他任务，熟练使用办公软件，有责任心。",
                "company": f"单位{number}",
                "category": None,
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    pairs = [
        "1||一个人在骑马。||有人骑马。||4",
        "2||一个人在骑马。||他在做饭。||0",
        "3||孩子在跑步。||小孩跑步。||5",
    ]
    (tmp_path / "text" / "cnsd-sts-dev.txt").write_text("\n".join(pairs) + "\n", "utf-8")
    return tmp_path


@pytest.mark.slow
def test_all_ways_meet_on_collections_of_a_corpus_which_evaluate_takes_too(corpus, tmp_path):
    asked = ("title-to-text", "broad-occupations", "sentence-pairs", "alias-to-definition")
    only = [part for name in asked for part in ("--only", name)]
    done = run("evaluate-all", "--corpus", corpus, "--write", tmp_path / "out", "--json", *only)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    rows = {row["task"]: row for row in told["rows"]}
    assert list(rows) == ["title-to-text", "broad-occupations", "sentence-pairs"]
    assert told["left_out"] == {"alias-to-definition": "no file occupations_csco2022.csv"}
    for row in rows.values():
        assert list(row["figures"]) == ["encoder", "BM25", "char TF-IDF", "jieba TF-IDF", "MiniLM", "hybrid"]
        peers = {name: value for name, value in row["figures"].items() if name not in {"encoder", "hybrid"}}
        assert peers[row["best_peer"]] == max(peers.values())
        for lead, other in ((row["over_peer"], row["best_peer"]), (row["over_encoder"], "encoder")):
            assert lead["low"] <= lead["mean"] <= lead["high"]
            assert lead["mean"] == pytest.approx(row["figures"]["hybrid"] - row["figures"][other])
    again = run("evaluate", "--collection", tmp_path / "out" / "broad-occupations", "--json")
    assert json.loads(again.stdout)["map"] == pytest.approx(
        rows["broad-occupations"]["figures"]["hybrid"], abs=1e-4
    )


@pytest.mark.slow
def test_without_a_corpus_the_project_s_own_data_are_asked_and_the_rest_is_named():
    done = run("evaluate-all", "--only", "major-to-occupation", "--only", "title-to-text")
    assert done.exit_code == 0, done.output
    assert "major-to-occupation: Seek" in done.stdout
    assert "title-to-text: left out, needs --corpus" in done.stdout
