"""Training and examining ranking at the command line: figures, files, and one sentence on refusal."""

import json
import shutil

import pytest
from click.testing import CliRunner

from matcher.errors import UnusableRanking
from matcher.ranking_model import RankingModel
from matcher.training.judgements import judged_pairs
from matcher.training.split import holds_out_resume
from scripts.__main__ import main
from webapp.settings import ROOT

JUDGEMENTS = ROOT / "data" / "judgements"


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The judged pairs of every third resume."""
    folder = tmp_path_factory.mktemp("judgements")
    for name in ("resumes.jsonl", "postings.jsonl"):
        shutil.copy(JUDGEMENTS / name, folder)
    lines = (JUDGEMENTS / "qrels.tsv").read_text("utf-8").splitlines(keepends=True)
    chosen = sorted({line.split("\t")[0] for line in lines})[::3]
    kept = [line for line in lines if line.split("\t")[0] in chosen]
    (folder / "qrels.tsv").write_text("".join(kept), "utf-8")
    return folder


def test_a_trained_model_is_repeatable_reported_on_and_not_yet_allowed_to_rank(few, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for out in (first, second):
        done = run("train-ranking", "--judgements", few, "--out", out)
        assert done.exit_code == 0, done.output
    assert first.read_bytes() == second.read_bytes()
    model = RankingModel.read(first)
    tuned_on = [pair for pair in judged_pairs(few) if not holds_out_resume(pair.resume_id)]
    assert model.learnt["pairs"] == len(tuned_on)
    with pytest.raises(UnusableRanking):
        RankingModel.load(first)
    report = run("train-ranking", "--judgements", few, "--out", first, "--report")
    figures = json.loads(report.stdout)
    assert figures["pairs"] == len(judged_pairs(few)) - len(tuned_on)
    assert figures["auc"] > 0.8
    assert figures["calibration_error"] < 0.15


def test_explanations_are_examined(few):
    done = run("evaluate-explanations", "--judgements", few, "--pairs", "8", "--json")
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["pairs"] == 8
    assert figures["inside_the_text"] == 1
    shown = run("evaluate-explanations", "--judgements", few, "--pairs", "2")
    assert "2 judged pairs" in shown.output


@pytest.mark.parametrize("command", ["train-ranking", "evaluate-explanations"])
def test_a_folder_without_judgements_is_named(tmp_path, command):
    done = run(command, "--judgements", tmp_path)
    assert done.exit_code == 1
    assert "resumes.jsonl" in done.output


def test_too_few_outcomes_leave_the_model_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert run("migrate").exit_code == 0
    out = tmp_path / "ranking.json"
    shutil.copy(ROOT / "data" / "models" / "ranking.json", out)
    done = run("train-ranking", "--outcomes", "--out", out)
    assert done.exit_code == 1
    assert "至少要 500 份" in done.output
    assert out.read_bytes() == (ROOT / "data" / "models" / "ranking.json").read_bytes()
