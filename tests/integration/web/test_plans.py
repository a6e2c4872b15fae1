"""What PostgreSQL makes of everybody's pages: nothing that grows with the city is read from end to end.

Where scans are made dear, the planner scans a table only if no index serves the question. What is left below
stays small in any city: sums, periods, what officers decide one by one, letters that wait.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import (
    make_application,
    make_graduate,
    make_member,
    make_officer,
    make_period,
    make_posting,
)
from tests.integration.web.test_officer_queries import FURTHER, fill, plain_pages
from tests.statements import Statement, asking, plan_of, scanned
from webapp.models import User

SMALL = {
    "funnel_total",
    "index_probe",
    "ledger_correction",
    "match_feed",
    "outcome_total",
    "outgoing_letter",
    "period",
    "report_snapshot",
    "station",
    "traineeship_base",
}


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_every_page_has_the_indexes_it_needs(
    session: Session, visitor: Any, engine: Engine, app: Flask
) -> None:
    make_period(session)
    fill(session, 5)
    member, graduate = make_member(session), make_graduate(session)
    for _ in range(5):
        make_application(session, graduate, make_posting(session, member.employer))
    audiences: Mapping[str, User] = {
        "officer": make_officer(session).user,
        "employer": member.user,
        "graduate": graduate.user,
    }
    app.extensions["platform"].matching.refresh(session)  # reads everybody once: no page does
    session.execute(text("ANALYZE"))
    pages: dict[str, tuple[str, Statement]] = {}
    for audience, user in audiences.items():
        client = visitor(user)
        further = [f"/officer/{one}" for one in FURTHER] if audience == "officer" else []
        for page in [*plain_pages(app, audience), *further]:
            with asking(engine) as asked:
                client.get(page)
            for one in asked:
                if one.sql.startswith(("SELECT", "WITH")):
                    pages.setdefault(one.sql, (page, one))

    session.execute(text("SET LOCAL enable_seqscan = off"))
    found = {(table, page) for page, one in pages.values() for table in scanned(plan_of(session, one))}
    assert len(pages) > len(SMALL)
    assert {(table, page) for table, page in found if table not in SMALL} == set()
