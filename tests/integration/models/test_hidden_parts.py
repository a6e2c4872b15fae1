"""Figures published before parts of them were kept hidden, and answers that wait for a second officer."""

from datetime import date, timedelta

from alembic import command
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_officer, make_period
from webapp.domain.programme import read_table
from webapp.migrations import configuration, upgrade
from webapp.models import PublishedFigure
from webapp.queries.publications import unfigured
from webapp.services.definitions import keep_definition
from webapp.services.publications import ask_publication

DAY = date(2026, 6, 15)


def test_a_lone_figure_hides_its_small_cells_and_several_of_one_day_everything(database: Engine) -> None:
    with Session(database) as session:
        make_period(session)
        for row in read_table("definitions.json")["definitions"]:
            keep_definition(session, row, NOW)
        one, two = (make_officer(session).user for _ in range(2))
        for key, day in (("D1", DAY), ("D2", DAY), ("D1", DAY - timedelta(days=1))):
            session.add(figure(key, day, one.id, two.id))
        asked = ask_publication(
            session, by=one, period_id="P15", definition_id="D1", as_of=DAY, at=NOW + timedelta(days=9)
        )
        asked.answer, asked.figured_at, asked_id = {"total": 33}, NOW, asked.id
        session.commit()
    command.downgrade(configuration(database), "0015")
    upgrade(database)
    with Session(database) as session:
        hidden = session.scalars(select(PublishedFigure.hidden).order_by(PublishedFigure.id)).all()
        assert hidden == [["A", "B", "C", "total"], ["A", "B", "C", "total"], ["A", "C"]]
        assert list(unfigured(session)) == [asked_id], "it is counted again"


def figure(key: str, day: date, published_by_id: int, confirmed_by_id: int) -> PublishedFigure:
    sealed = dict.fromkeys(("definition_digest", "hash", "query_digest"), "0" * 64)
    return PublishedFigure(
        period_id="P15",
        definition_id=key,
        ruleset_id="W1",
        as_of_on=day,
        seq=0,
        value=33,
        by_grade={"A": 10, "B": 20, "C": 3},
        hidden=[],
        published_by_id=published_by_id,
        confirmed_by_id=confirmed_by_id,
        published_at=NOW,
        **sealed,
    )
