"""The ground everything stands on: schema, transactions, accounts."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.factories import NOW, PASSWORD, PASSWORD_HASH, make_graduate, make_user
from webapp.domain.accounts import (
    LinkExpired,
    LoginNameInvalid,
    LoginNameTaken,
    LoginRefused,
    NameInvalid,
    WeakPassword,
)
from webapp.domain.roles import Scope
from webapp.migrations import configuration
from webapp.models import Base, User
from webapp.services import accounts


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_down_leaves_nothing(tmp_path):
    from alembic import command
    from sqlalchemy import inspect

    from webapp.database import open_engine
    from webapp.migrations import upgrade

    engine = open_engine(f"sqlite:///{tmp_path}/down.db")
    upgrade(engine)
    command.downgrade(configuration(engine), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}


def test_migrating_down_leaves_nothing_on_postgresql(own_database: Engine):
    from alembic import command
    from sqlalchemy import inspect

    command.downgrade(configuration(own_database), "base")
    assert set(inspect(own_database).get_table_names()) == {"alembic_version"}


def test_a_graduate_registers_and_logs_in_by_mobile_written_as_people_write_it(session: Session):
    accounts.register_graduate(session, name="演示同学", login="+86 199-0000-0001", password=PASSWORD, at=NOW)
    user = accounts.log_in(session, login="19900000001", password=PASSWORD, at=NOW)
    assert (user.mobile, user.email, user.last_login_at) == ("19900000001", None, NOW)


@pytest.mark.parametrize("login", ["", "　"])
def test_whoever_names_no_account_is_nobody(session, login):
    make_graduate(session)
    assert accounts.find_user(session, login=login) is None


def test_a_password_kept_at_less_cost_is_kept_anew_at_the_next_log_in(session: Session, monkeypatch):
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher())
    user = make_user(session)
    accounts.log_in(session, login=user.email, password=PASSWORD, at=NOW)
    assert user.password_hash != PASSWORD_HASH
    assert not accounts.HASHER.check_needs_rehash(user.password_hash)


def test_the_same_address_in_other_case_is_taken(session: Session):
    make_user(session, email="someone@example.com")
    login = "Someone@Example.com"
    with pytest.raises(LoginNameTaken):
        accounts.register_graduate(session, name="演示", login=login, password=PASSWORD, at=NOW)


def test_whoever_opens_an_account_has_the_name_of_a_person(session: Session):
    made = accounts.register_graduate(
        session, name="迪丽娜尔.买买提", login="a@example.com", password=PASSWORD, at=NOW
    )
    assert made.name == made.user.name == "迪丽娜尔·买买提"
    with pytest.raises(NameInvalid):
        accounts.create_officer(
            session,
            name="领补贴 evil.cn/x",
            login="b@example.com",
            password=PASSWORD,
            scope=Scope.CITY,
            at=NOW,
        )


def test_an_account_older_than_the_rule_for_addresses_still_gets_in(session: Session):
    user = make_user(session, email="a<someone@example.com>e")
    assert accounts.log_in(session, login="A<someone@Example.com>e", password=PASSWORD, at=NOW) is user
    with pytest.raises(LoginNameInvalid):
        accounts.register_graduate(
            session, name="演示", login="b" + str(user.email), password=PASSWORD, at=NOW
        )


@pytest.mark.parametrize("password", ["", "1234567", "12345678", "Password1", "x" * 129])
def test_a_weak_password_is_refused(session: Session, password: str):
    with pytest.raises(WeakPassword):
        accounts.register_graduate(session, name="演示", login="a@example.com", password=password, at=NOW)


@pytest.mark.parametrize(
    ("login", "password"), [("nobody@example.com", PASSWORD), ("known@example.com", "wrong one")]
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(session: Session, login: str, password: str):
    make_user(session, email="known@example.com")
    with pytest.raises(LoginRefused):
        accounts.log_in(session, login=login, password=password, at=NOW)


def test_a_reset_link_works_once_and_ends_all_sessions(session: Session):
    user = make_graduate(session).user
    token = accounts.reset_token(user, secret="s")
    accounts.reset_password(session, token=token, password="另一句容易记住的话", secret="s")
    assert user.session_version == 2
    with pytest.raises(LinkExpired):
        accounts.reset_password(session, token=token, password="第三句容易记住的话", secret="s")


def test_a_rolled_back_request_leaves_no_trace(session: Session):
    with session.begin_nested() as savepoint:
        make_user(session, email="gone@example.com")
        savepoint.rollback()
    assert session.scalar(select(User).where(User.email == "gone@example.com")) is None
