"""An index held against the database: nothing missing, nothing needless, nothing old, nearest found."""

from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from matcher.engine import MatchingEngine
from tests import factories as make
from webapp.domain.postings import PostingStatus
from webapp.models import Posting
from webapp.models.matching import OwnerKind
from webapp.services.index_check import MISSING, NEEDLESS, OTHER, Difference, differences, probe
from webapp.services.matching import Matching

TITLES = ("数据分析师", "护士", "会计", "前端开发工程师")


@pytest.fixture
def filled(session: Session, matching: Matching) -> MatchingEngine:
    for title in TITLES:
        make.make_posting(session, title=title, duties=f"{title}的日常工作。")
    make.make_resume(session, make.make_graduate(session))
    matching.refresh(session)
    return matching.engine


def test_an_index_that_follows_equals_the_database(session: Session, filled: MatchingEngine) -> None:
    assert list(differences(session, filled)) == []


def test_every_kind_of_difference_is_named(session: Session, filled: MatchingEngine) -> None:
    kept, gone, _, changed = sorted(filled.postings.state.ids.tolist())
    change = partial(update, Posting)
    session.execute(change().where(Posting.id == gone).values(status=PostingStatus.CLOSED))
    session.execute(change().where(Posting.id == changed).values(title="护士长"))
    new = make.make_posting(session, title="新的岗位").id
    other = Matching(encoder=filled.model_id, engine=filled.emptied())
    other.refresh(session)
    found = set(differences(session, filled))
    assert found == {
        Difference(OwnerKind.POSTING, gone, NEEDLESS),
        Difference(OwnerKind.POSTING, changed, OTHER),
        Difference(OwnerKind.POSTING, new, MISSING),
    }
    assert kept not in {difference.owner_id for difference in found}


@pytest.mark.parametrize("kind", OwnerKind)
def test_a_probe_finds_all_of_the_nearest_in_a_small_index(
    session: Session, filled: MatchingEngine, kind: OwnerKind
) -> None:
    found = probe(session, filled, kind, at=make.NOW)
    assert found is not None
    assert (found.recall, found.collection) == (1.0, kind.value)
    assert found.entries == (len(TITLES) if kind is OwnerKind.POSTING else 1)


def test_a_search_that_misses_shows_in_the_probe(
    session: Session, filled: MatchingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = filled.postings.state
    whole = type(state).nearest
    monkeypatch.setattr(type(state), "nearest", lambda self, *asked: whole(self, *asked)[:-1])
    found = probe(session, filled, OwnerKind.POSTING, at=make.NOW)
    assert found is not None
    assert found.recall == pytest.approx(1 - 1 / len(TITLES))


def test_an_empty_index_is_not_probed(session: Session, matching: Matching) -> None:
    matching.refresh(session)
    assert probe(session, matching.engine, OwnerKind.POSTING, at=make.NOW) is None
