"""Any number of processes, a damaged snapshot, a late commit: the same answers."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.documents import Conditions
from matcher.engine import MatchingEngine
from tests import factories as make
from webapp.database import session_factory
from webapp.domain.postings import PostingStatus
from webapp.models import Posting
from webapp.models.matching import Embedding
from webapp.services.changes import posting_changed
from webapp.services.matching import Matching
from webapp.settings import Settings


def process(parts: MatchingEngine, folder: Path | None = None) -> Matching:
    """Another process: its own collections over the encoder that is already open."""
    return Matching(encoder=Settings().encoder, folder=folder, engine=parts.emptied())


def found(matching: Matching, session: Session) -> set[int]:
    ranking = matching.rank_postings(
        session, graduate=None, conditions=Conditions(), today=make.TODAY, query="数据分析", top=100
    )
    return {match.id for match in ranking.matches}


def close(session: Session, posting: Posting) -> None:
    posting.status = PostingStatus.CLOSED
    posting_changed(session, posting.id, make.NOW)


def test_every_process_follows_what_changes(session: Session, matching_parts: MatchingEngine) -> None:
    first, second = process(matching_parts), process(matching_parts)
    posting = make.make_posting(session, title="数据分析师")
    posting_changed(session, posting.id, make.NOW)
    assert found(first, session) == found(second, session) == {posting.id}
    close(session, posting)
    assert found(first, session) == found(second, session) == set()


def test_a_snapshot_is_brought_up_to_date(
    session: Session, matching_parts: MatchingEngine, tmp_path: Path
) -> None:
    gone, stays = (make.make_posting(session, title="数据分析师") for _ in range(2))
    before = process(matching_parts, tmp_path)
    assert found(before, session) == {gone.id, stays.id}
    before.save()
    close(session, gone)
    assert found(process(matching_parts, tmp_path), session) == {stays.id}


@pytest.mark.parametrize("damaged", ["*/postings/current", "*/resumes/current", "*/resumes/*/manifest.json"])
def test_half_a_snapshot_is_as_good_as_none(
    session: Session, matching_parts: MatchingEngine, tmp_path: Path, damaged: str
) -> None:
    gone, stays = (make.make_posting(session, title="数据分析师") for _ in range(2))
    before = process(matching_parts, tmp_path)
    found(before, session)
    before.save()
    close(session, gone)
    next(tmp_path.glob(damaged)).write_text("{", "utf-8")
    after = process(matching_parts, tmp_path)
    assert found(after, session) == {stays.id}
    assert len(after.engine.postings) == 1


def test_two_processes_encode_the_same_posting_at_once(
    own_database: Engine, matching_parts: MatchingEngine
) -> None:
    factory = session_factory(own_database)
    with factory() as session:
        ids = {make.make_posting(session, title="数据分析师").id for _ in range(3)}
        session.commit()
    with factory() as quick, factory() as late, ThreadPoolExecutor(1) as other:
        assert found(process(matching_parts), quick) == ids
        answer = other.submit(found, process(matching_parts), late)
        with pytest.raises(TimeoutError):
            answer.result(timeout=1)
        quick.commit()
        assert answer.result(timeout=20) == ids
        late.commit()
        assert set(late.scalars(select(Embedding.owner_id))) == ids
