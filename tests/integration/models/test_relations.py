"""No relation is read in passing: the query that needs one says so, or the read is refused."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, configure_mappers, joinedload

from tests import factories
from webapp.models import Base, Posting


def test_no_relation_loads_by_itself() -> None:
    configure_mappers()
    relations = {str(one): one.lazy for mapper in Base.registry.mappers for one in mapper.relationships}
    assert "Posting.employer" in relations
    assert {name for name, lazy in relations.items() if lazy != "raise_on_sql"} == set()


def test_a_relation_is_there_where_it_was_asked_for_and_refused_elsewhere(
    session: Session, connection: Connection
) -> None:
    name = factories.make_posting(session).employer.name
    session.commit()
    with Session(connection) as asking:
        wanted = select(Posting).options(joinedload(Posting.employer))
        assert asking.scalars(wanted).one().employer.name == name
    with Session(connection) as passing:
        posting = passing.scalars(select(Posting)).one()
        with pytest.raises(InvalidRequestError, match=r"Posting\.employer"):
            posting.employer  # noqa: B018 - reading it is what is refused
