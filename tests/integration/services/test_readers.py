"""Several processes read what one would have read."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from matcher.engine import MatchingEngine
from tests import factories as make
from webapp.database import Transaction, transactions
from webapp.models.matching import Embedding
from webapp.services import following
from webapp.services.following import Follower
from webapp.services.readers import Readers
from webapp.services.upkeep import keep_index
from webapp.settings import Settings

PEOPLE, POSTINGS = 7, 9


@pytest.fixture
def transaction(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Transaction:
    monkeypatch.setattr(following, "BATCH", 2)
    monkeypatch.setattr(following, "FEW", 4)
    transaction = transactions(database)
    with transaction() as session:
        for _ in range(PEOPLE):
            make.make_resume(session, make.make_graduate(session))
        for _ in range(POSTINGS):
            make.make_posting(session, valid_until_on=None)
    return transaction


def test_several_processes_read_the_same_and_keep_the_vectors(
    database: Engine, transaction: Transaction, matching_parts: MatchingEngine, tmp_path: Path
) -> None:
    settings = Settings(database_url=database.url.render_as_string(hide_password=False), processes=2)
    for _ in keep_index(transaction, encoder=settings.encoder, folder=tmp_path, readers=Readers.of(settings)):
        pass
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == PEOPLE + POSTINGS
    alone, together = matching_parts.emptied(), matching_parts.emptied()
    Follower(alone, folder=None).follow(transaction)
    Follower(together, folder=tmp_path).follow(transaction)
    for one, other in ((alone.postings, together.postings), (alone.resumes, together.resumes)):
        assert len(one) == len(other)
        ours, theirs = one.state, other.state
        everything = np.argsort(ours.ids), np.argsort(theirs.ids)
        assert (ours.ids[everything[0]] == theirs.ids[everything[1]]).all()
        assert (ours.vectors(everything[0]) == theirs.vectors(everything[1])).all()
        for column in ours.segments[0].columns.arrays:
            assert (ours.column(column)[everything[0]] == theirs.column(column)[everything[1]]).all()
        words = (state.words_in_common("数据分析", state.alive) for state in (ours, theirs))
        assert (next(words)[everything[0]] == next(words)[everything[1]]).all()
