"""A ranking that weighs a school or a sex is refused by the gate and ranks nobody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher import text as matcher_text
from matcher.engine import MatchingEngine
from matcher.errors import UnusableRanking
from matcher.fairness.audit import Candidates, audited
from matcher.ranking_model import RankingModel
from scripts import audit_fairness
from webapp.services.audit_material import postings, read, subjects
from webapp.settings import ROOT, Settings

MODEL = ROOT / "data" / "models" / "ranking.json"
RESUMES = 12


class Biased(MatchingEngine):
    """Favours whoever's resume says one of some words, as a model with a planted weight would."""

    words: tuple[str, ...] = ()

    def __init__(self, *parts):
        super().__init__(*parts)
        self._fair = self.judge.compare
        self.judge.compare = self._compare

    def emptied(self):
        return type(self)(self.encoder, self.vocabulary, self.judge.majors, self.judge.model)

    def _compare(self, person, *rest):
        pair = self._fair(person, *rest)
        if not any(word in person.resume.text for word in self.words):
            return pair
        return replace(pair, model=replace(pair.model, intercept=pair.model.intercept + 0.5))


@pytest.fixture(scope="module")
def material():
    return subjects(400, seed=0)[:: 400 // RESUMES][:RESUMES], postings()[::20]


def audit_of(engine, material, read=read):
    people, offers = material
    return audited(engine, people, offers, Candidates((), {}, {}), read=read, seed=1, least=(1, 1))


def seal_of(engine, audit):
    runs = {"encoder": engine.model_id, "text": engine.text_version}
    return engine.judge.model.audited(passed=audit.passed, **runs, **audit.seal())


def opened(kind=MatchingEngine):
    return kind.open(ROOT / "data", Settings().encoder, model=RankingModel.read(MODEL))


def folder_with(tmp_path: Path, model: RankingModel) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "taxonomy").symlink_to(ROOT / "data" / "taxonomy")
    model.save(tmp_path / "models" / "ranking.json")
    return tmp_path


def test_a_fair_ranking_is_sealed_and_serves(material, tmp_path):
    engine = opened()
    audit = audit_of(engine, material)
    assert audit.problems == []
    folder = folder_with(tmp_path, seal_of(engine, audit))
    assert MatchingEngine.open(folder, Settings().encoder).judge.model.audit["passed"] is True


@pytest.mark.parametrize(
    ("words", "attribute", "twins"),
    [
        (("武汉大学", "华中科技大学", "985"), "institution", "institution"),
        (("男生", "男篮", "他"), "sex", "sex"),
    ],
)
def test_a_planted_weight_is_refused_and_cannot_be_activated(words, attribute, twins, material, tmp_path):
    engine = opened(type("Planted", (Biased,), {"words": words}))
    audit = audit_of(engine, material)
    assert not audit.passed
    assert any(problem.startswith(f"{attribute} moves a score") for problem in audit.problems)
    favoured, other = sorted(audit.twins[twins], key=lambda share: -share.rate)
    assert favoured.rate > other.rate
    folder = folder_with(tmp_path, seal_of(engine, audit))
    with pytest.raises(UnusableRanking, match="没有通过"):
        MatchingEngine.open(folder, Settings().encoder)


@pytest.fixture
def nothing_remembered():
    """Forget texts as they were read, before and after a test that changes how they are read."""
    remembered = (matcher_text.without_personal_marks, matcher_text._without_marks_in_place)
    for read_once in remembered:
        read_once.cache_clear()
    yield
    for read_once in remembered:
        read_once.cache_clear()


@pytest.mark.usefixtures("nothing_remembered")
def test_an_encoder_that_reads_raw_text_is_refused(material, monkeypatch):
    monkeypatch.setattr(matcher_text, "without_marks", lambda text, *_: text)
    monkeypatch.setattr(matcher_text, "without_schools", lambda text, *_: text)
    audit = audit_of(opened(), material, lambda subject: replace(subject.profile, text=subject.text))
    moved = {problem.split(" moves")[0] for problem in audit.problems if "moves a score" in problem}
    assert {"name", "sex", "institution", "origin"} <= moved


def test_weights_changed_after_the_audit_lose_the_seal(tmp_path):
    sealed = RankingModel.read(MODEL).audited(passed=True)
    first = next(iter(sealed.weights))
    changed = replace(sealed, weights={**sealed.weights, first: sealed.weights[first] + 0.1})
    changed.save(tmp_path / "ranking.json")
    with pytest.raises(UnusableRanking, match="audit-fairness"):
        RankingModel.load(tmp_path / "ranking.json")


def test_the_command_refuses_a_model_on_little_and_prints_the_report(tmp_path):
    file = tmp_path / "ranking.json"
    replace(RankingModel.read(MODEL), audit={}).save(file)
    with pytest.raises(UnusableRanking):
        RankingModel.load(file)
    result = CliRunner().invoke(
        audit_fairness.command, ["--ranking", str(file), "--resumes", "4", "--postings", "20", "--json"]
    )
    assert result.exit_code == 1, result.output
    report = json.loads(result.stdout)
    assert [problem.split(" are ")[0] for problem in report["problems"]] == ["4 resumes", "21 postings"]
    assert {"name", "sex", "institution", "origin"} <= report["attributes"].keys()
    assert {"degree", "institution"} <= report["groups"].keys()
    assert RankingModel.read(file).audit["resumes"] == 4
    with pytest.raises(UnusableRanking, match="没有通过"):
        RankingModel.load(file)


@pytest.mark.parametrize("option", ["--resumes", "--postings"])
def test_the_command_audits_with_something(option):
    assert CliRunner().invoke(audit_fairness.command, [option, "0"]).exit_code == 2
