"""An index held against the database: nothing missing, nothing needless, nothing old, nearest found."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matcher.comparison import Part
from matcher.engine import MatchingEngine
from tests import factories as make
from webapp.domain.postings import PostingStatus
from webapp.models import Embedding, Graduate, Posting, Resume
from webapp.models.matching import OwnerKind
from webapp.services import index_check
from webapp.services.embeddings import encode_missing
from webapp.services.index_check import BLOCK, MISSING, NEEDLESS, OTHER, Difference, differences
from webapp.services.index_probe import probe
from webapp.services.matching import Matching
from webapp.settings import ROOT, Settings

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


def change(session: Session, kind: OwnerKind, **values: object) -> int:
    """Change the last of one kind without telling the index; return its id."""
    table = Posting if kind is OwnerKind.POSTING else Graduate
    id = session.scalars(select(table.id).order_by(table.id.desc())).first()
    assert id is not None
    session.execute(update(table).where(table.id == id).values(**values))
    return id


def change_vector(session: Session, kind: OwnerKind) -> int:
    """Store another vector for one of a kind; return whose."""
    stored = session.scalars(select(Embedding).where(Embedding.owner_kind == kind)).first()
    assert stored is not None
    stored.vector = b"\0" * len(stored.vector)
    session.flush()
    return stored.owner_id


def forget_vector(session: Session, kind: OwnerKind) -> int:
    id = change(session, kind, pay_min=None)
    session.execute(delete(Embedding).where(Embedding.owner_kind == kind, Embedding.owner_id == id))
    return id


def change_resume(session: Session) -> int:
    session.execute(update(Resume).values(redacted_text="做过护理实习。"))
    return session.scalars(select(Resume.graduate_id)).one()


def add_posting(session: Session) -> int:
    """Publish a posting and store its vector."""
    id = make.make_posting(session, title="新的岗位").id
    encode_missing(session, MatchingEngine.open(ROOT / "data", Settings().encoder), OwnerKind.POSTING, [id])
    return id


POSTING, RESUME = OwnerKind
PLANTED: Sequence[tuple[OwnerKind, Callable[[Session], int], str]] = [
    (POSTING, add_posting, MISSING),
    (POSTING, lambda session: change(session, POSTING, status=PostingStatus.CLOSED), NEEDLESS),
    (POSTING, lambda session: forget_vector(session, POSTING), NEEDLESS),
    (POSTING, lambda session: change_vector(session, POSTING), OTHER[Part.VECTOR]),
    (POSTING, lambda session: change(session, POSTING, headcount=99), OTHER[Part.ATTRIBUTES]),
    (POSTING, lambda session: change(session, POSTING, title="护士长"), OTHER[Part.TEXT]),
    (RESUME, lambda session: change(session, RESUME, searchable=False), NEEDLESS),
    (RESUME, lambda session: forget_vector(session, RESUME), NEEDLESS),
    (RESUME, lambda session: change_vector(session, RESUME), OTHER[Part.VECTOR]),
    (RESUME, lambda session: change(session, RESUME, districts=["420111"]), OTHER[Part.ATTRIBUTES]),
    (RESUME, change_resume, OTHER[Part.TEXT]),
]


@pytest.mark.parametrize("planted", PLANTED)
@pytest.mark.parametrize("size", [1, 3, BLOCK])
def test_each_difference_is_found_and_nothing_else(
    session: Session,
    filled: MatchingEngine,
    monkeypatch: pytest.MonkeyPatch,
    planted: tuple[OwnerKind, Callable[[Session], int], str],
    size: int,
) -> None:
    monkeypatch.setattr(index_check, "BLOCK", size)
    kind, plant, message = planted
    id = plant(session)
    assert list(differences(session, filled)) == [Difference(kind, id, message)]


def test_who_has_no_vector_yet_is_not_expected(session: Session, filled: MatchingEngine) -> None:
    make.make_posting(session)
    assert list(differences(session, filled)) == []


def test_an_empty_index_lacks_everybody_and_an_empty_database_nobody(
    session: Session, filled: MatchingEngine
) -> None:
    found = list(differences(session, filled.emptied()))
    assert [difference.message for difference in found] == [MISSING] * (len(TITLES) + 1)
    session.execute(update(Posting).values(status=PostingStatus.CLOSED))
    session.execute(update(Graduate).values(searchable=False))
    found = list(differences(session, filled))
    assert [difference.message for difference in found] == [NEEDLESS] * (len(TITLES) + 1)
    assert list(differences(session, filled.emptied())) == []


def test_progress_ends_with_everybody(session: Session, filled: MatchingEngine) -> None:
    heard: list[tuple[int, int]] = []
    list(differences(session, filled, told=lambda *turn: heard.append(turn)))
    assert heard == [(len(TITLES), len(TITLES) + 1), (len(TITLES) + 1, len(TITLES) + 1)]


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
