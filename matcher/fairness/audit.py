"""The whole audit of one engine: counterfactuals, twins, public employers, groups as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matcher.documents import PostingDocument, ResumeDocument
from matcher.engine import MatchingEngine
from matcher.fairness.counterfactual import Market, Read, effects
from matcher.fairness.exposure import shares, within
from matcher.fairness.gate import LEAST_MATERIAL, Audit
from matcher.fairness.lists import listings, public_lists_kept, twins
from matcher.fairness.wordings import SCHOOLS, Subject

TWINS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "sex": {
        "man": ("性别：男", "我是一名男生。", "校男篮队长。", "辅导员评价他认真负责。"),
        "woman": ("性别：女", "我是一名女生。", "校女篮队长。", "辅导员评价她认真负责。"),
    },
    "institution": {
        "双一流": ("毕业院校：武汉大学", "就读于华中科技大学。", "985高校学生。"),
        "other": ("毕业院校：武汉东湖学院", "就读于长江职业学院。", "民办本科学生。"),
    },
}

TWINNED = 100
"""Of so many resumes, taken evenly, twins are written."""


@dataclass(frozen=True)
class Candidates:
    """People as they are, and by what they are compared: the tier of their school and their degree."""

    resumes: Sequence[ResumeDocument]
    tier_of: Mapping[int, str]
    degree_of: Mapping[int, str]


def audited(
    engine: MatchingEngine,
    subjects: Sequence[Subject],
    postings: Sequence[PostingDocument],
    candidates: Candidates,
    *,
    read: Read,
    seed: int,
    watch: Callable[[], object] = lambda: None,
    least: tuple[int, int] = LEAST_MATERIAL,
) -> Audit:
    """Measure everything; the day is the last on which a posting was published, so that figures repeat.

    ``least`` says with how many resumes and postings a model may pass.
    """
    today = max(posting.published_on for posting in postings if posting.published_on)
    market = Market.opened(engine, postings, today)
    effects_found = effects(market, subjects, read, seed=seed, watch=watch)
    compared, some = {}, subjects[:: max(1, len(subjects) // TWINNED)]
    for name, lines in TWINS.items():
        people, group_of = twins(some, read, lines, seed=seed)
        compared[name] = shares(listings(engine, postings, people, today=today), group_of, seed=seed)
        watch()
    kept = public_lists_kept(engine, postings, some, read, SCHOOLS, today=today, seed=seed)
    lists = listings(engine, postings, candidates.resumes, today=today)
    return Audit(
        len(subjects),
        len(postings),
        effects_found,
        compared,
        kept,
        {
            "degree": {"all": shares(lists, candidates.degree_of, seed=seed)},
            "institution": {
                "all": shares(lists, candidates.tier_of, seed=seed),
                **within(lists, candidates.tier_of, candidates.degree_of, seed=seed),
            },
        },
        least,
    )
