"""Consents outlive the migration that lets people agree to letters, and the way back."""

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import NOW, make_application, make_graduate, make_posting
from webapp.domain.consent import Purpose
from webapp.migrations import configuration, upgrade
from webapp.models import Application, Consent
from webapp.services import consents

ANOTHER = text(
    "INSERT INTO consent (user_id, purpose, version, given_at) SELECT user_id, :purpose, version, given_at"
    " FROM consent"
)


def test_what_was_agreed_to_and_what_rests_on_it_stay(database: Engine) -> None:
    with Session(database, expire_on_commit=False) as session:
        graduate, posting = make_graduate(session), make_posting(session)
        shared = {"purpose": Purpose.SHARE_WITH_EMPLOYER, "employer_id": posting.employer_id}
        given = consents.give(session, user_id=graduate.user_id, at=NOW, **shared)
        make_application(session, graduate, posting, consent_id=given.id)
        consents.give(session, user_id=graduate.user_id, purpose=Purpose.DIGEST, at=NOW)
        session.commit()
    command.downgrade(configuration(database), "0016")
    with pytest.raises(IntegrityError, match="purpose"), database.begin() as connection:
        connection.execute(ANOTHER, {"purpose": "digest"})
    upgrade(database)
    with Session(database) as session:
        [kept] = session.scalars(select(Consent)).all()
        assert (kept.id, kept.purpose, kept.given_at) == (given.id, Purpose.SHARE_WITH_EMPLOYER, NOW)
        assert session.scalars(select(Application.consent_id)).one() == kept.id
        consents.give(session, user_id=kept.user_id, purpose=Purpose.DIGEST, at=NOW)
        session.commit()
        with pytest.raises(IntegrityError, match="ck_consent_purpose"):
            session.execute(ANOTHER, {"purpose": "everything"})
    names = {index["name"] for index in inspect(database).get_indexes("consent")}
    assert names == {"ix_consent_user_purpose"}
