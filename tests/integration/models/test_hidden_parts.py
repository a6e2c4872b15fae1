"""Figures that were public before the database knew what of them is not."""

import json

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.factories import NOW, make_officer, make_period
from webapp.domain.programme import read_table
from webapp.migrations import configuration, upgrade
from webapp.models import PublishedFigure
from webapp.services.definitions import keep_definition

OLD = text(
    "INSERT INTO published_figure (period_id, definition_id, definition_digest, ruleset_id, as_of_on, seq,"
    " hash, query_digest, value, by_grade, published_by_id, confirmed_by_id, published_at)"
    " VALUES ('P15', :key, 'd', 'R1', :day, 1, 'h', 'q', 1, :by_grade, :one, :two, '2026-06-15 08:00:00')"
)


def test_what_they_give_away_together_is_hidden_in_the_order_of_publication(database: Engine):
    with Session(database) as session:
        make_period(session)
        for row in read_table("definitions.json")["definitions"]:
            keep_definition(session, row, NOW)
        officers = {"one": make_officer(session).user_id, "two": make_officer(session).user_id}
        session.commit()
    command.downgrade(configuration(database), "0015")
    with database.begin() as connection:
        for key, day, by_grade in (
            ("D1", "2026-06-14", {"A": 10, "B": 20, "C": 3}),
            ("D2", "2026-06-15", {"A": 10, "B": 20}),
            ("D2", "2026-06-14", {"A": 10, "B": 20}),
        ):
            connection.execute(OLD, {"key": key, "day": day, "by_grade": json.dumps(by_grade), **officers})
    upgrade(database)
    with Session(database) as session:
        figures = session.scalars(select(PublishedFigure).order_by(PublishedFigure.id))
        assert [one.hidden for one in figures] == [["A", "C"], [], ["A", "total"]]
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text("UPDATE published_figure SET hidden = '[]'"))
