"""What machines ask: alive, ready, figures; and who may see them."""

from datetime import timedelta
from math import isnan

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.clock import now
from webapp.domain.programme import read_table
from webapp.extensions import Platform
from webapp.models import Posting, TaskRun
from webapp.models.background import RunState
from webapp.services import following
from webapp.services.changes import posting_changed
from webapp.services.definitions import keep_definition
from webapp.services.following import IndexNotReady
from webapp.services.letters import post_letter
from webapp.services.mail import Letter
from webapp.services.publications import ask_publication
from webapp.services.reports import order_snapshot
from webapp.settings import Settings
from webapp.tending import Tending


@pytest.fixture
def platform(app: Flask) -> Platform:
    found: Platform = app.extensions["platform"]
    return found


def states(client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    return answer.status_code, dict(line.split(" ", 1) for line in answer.text.splitlines())


def test_a_process_that_lives_says_so_without_asking_the_database(client, app, platform, monkeypatch) -> None:
    def gone() -> Session:
        raise AssertionError

    monkeypatch.setattr("webapp.unit_of_work.platform", gone)
    assert client.get("/healthz").status_code == 200


def test_a_process_is_ready_once_its_index_follows(client, session, platform) -> None:
    assert states(client) == (503, {"database": "ok", "schema": "ok", "index": "not loaded"})
    platform.matching.refresh(session)
    assert states(client) == (200, {"database": "ok", "schema": "ok", "index": "ok"})
    posting_changed(session, make.make_posting(session).id, now() - timedelta(minutes=5))
    assert states(client) == (503, {"database": "ok", "schema": "ok", "index": "late"})
    platform.matching.refresh(session)
    assert states(client)[0] == 200


@pytest.fixture
def waiting(platform: Platform, session: Session, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A process that has more to read than it reads by itself."""
    monkeypatch.setattr(following, "FEW", 0)
    platform.matching._waits = True
    make.make_posting(session)
    return platform


def test_a_process_that_waits_for_the_workers_snapshot_says_so(client, session, waiting) -> None:
    assert client.get("/postings").status_code == 503
    code, found = states(client)
    assert (code, found["database"], found["schema"]) == (503, "ok", "ok")
    assert "worker" in found["index"]
    assert "build-index" in found["index"]


def test_a_process_that_fails_to_load_does_not_say_that_it_waits(client, waiting, monkeypatch) -> None:
    def fails(_session: Session) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(following, "place_now", fails)
    assert client.get("/postings").status_code == 500
    assert states(client)[1]["index"] == "not loaded"


def test_the_lag_is_a_number_once_the_index_follows(client, waiting) -> None:
    def look() -> float:
        tending = Tending(waiting)
        tending.stop()
        tending.run()
        return figure(client, "platform_index_lag_seconds")

    assert isnan(look())
    waiting.matching._waits = False
    waiting.matching._coming = None
    assert look() == 0
    waiting.matching._follower._place = None
    waiting.matching._follower._waits = True
    assert isnan(look())


def test_a_resume_kept_meanwhile_does_not_lead_to_a_page_that_refuses(visitor, session, waiting) -> None:
    one = visitor(make.make_graduate(session).user)
    sent = {
        "name": "李晓光",
        "skills": "Python、数据分析",
        "experiences": "某公司 实习\n清洗订单并制作日报表",
    }
    assert one.get("/graduate/matches").status_code == 503
    answer = one.post("/graduate/resume/form", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "过一会儿就能看到适合你的岗位" in answer.text
    waiting.matching._coming = None
    waiting.matching._waits = False
    assert one.get("/graduate/matches").status_code == 200
    answer = one.post("/graduate/resume/form", data=sent, follow_redirects=True)
    assert "匹配结果随之更新" in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh", IndexNotReady.message), ("en", "Matching and search are being prepared")],
)
def test_pages_that_match_say_that_they_wait_and_others_work(
    visitor, session, waiting, language, said
) -> None:
    graduate = make.make_graduate(session, kinds=["job"])
    make.make_resume(session, graduate)
    graduate.user.language = language
    one = visitor(graduate.user)
    answer = one.get("/graduate/matches")
    assert answer.status_code == 503
    assert said in answer.text
    home = one.get("/graduate/")
    assert home.status_code == 200
    assert said in home.text
    posting = session.scalars(select(Posting)).one()
    assert one.get(f"/graduate/postings/{posting.id}").status_code == 200
    assert visitor().get("/").status_code == 200


def test_a_process_is_not_ready_for_another_schema(client, session, connection: Connection) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    code, found = states(client)
    assert (code, found["schema"]) == (503, "old")


def test_a_process_without_its_database_is_not_ready(client, app, platform, tmp_path, monkeypatch) -> None:
    from dataclasses import replace

    from webapp.database import open_engine, session_factory

    lost = open_engine(f"sqlite:///{tmp_path}/missing/folder.db")
    app.extensions["platform"] = replace(platform, sessions=session_factory(lost))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database gone\n")


def figure(client, line: str) -> float:
    found = [one for one in client.get("/metrics").text.splitlines() if one.startswith(line + " ")]
    assert len(found) == 1, line
    return float(found[0].rpartition(" ")[2])


def test_figures_tell_what_waits_what_failed_and_how_pages_do(client, session) -> None:
    post_letter(session, Letter("a@example.com", "题目", "正文"), key=Settings().fernet_key, at=now())
    for state, error in ((RunState.FAILED, "OSError"), (RunState.DONE, None)):
        session.add(
            TaskRun(
                task_id=state.value, name="deliver", worker="w:1", started_at=now(), ended_at=now(),
                state=state, error=error, tries_left=0,
            )
        )  # fmt: skip
    make.make_posting(session, title="数据分析师")
    client.get("/postings?q=数据分析张三13800000000")
    by, day = make.make_officer(session).user, make.TODAY - timedelta(days=1)
    asked = {"by": by, "period_id": make.make_period(session).id, "definition_id": "D1", "as_of": day}
    keep_definition(session, read_table("definitions.json")["definitions"][0], now())
    order_snapshot(session, **asked, at=now())
    for _ in range(2):
        ask_publication(session, **asked, at=now())
    for of, count in {"letters": 1, "lists": 0, "reports": 1, "figures": 2}.items():
        assert figure(client, f'platform_work_waiting{{of="{of}"}}') == count
    assert figure(client, 'platform_task_failures{of="deliver"}') == 1
    assert figure(client, 'platform_task_done_seconds{of="deliver"}') >= 0
    assert figure(client, "platform_ledger_head") == 0
    told = client.get("/metrics").text
    assert 'route="/postings"' in told
    assert 'platform_engine_step_seconds_count{step="changes"}' in told
    assert "张三" not in told
    assert "13800000000" not in told


@pytest.mark.parametrize(
    ("headers", "address", "code"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "10.0.0.7", 404),
        ({"X-Forwarded-For": "10.0.0.7"}, "127.0.0.1", 404),
    ],
)
def test_without_a_token_only_this_machine_sees_figures(client, headers, address, code) -> None:
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == code


@pytest.mark.parametrize(("shown", "code"), [("Bearer secret", 200), ("Bearer wrong", 404), ("", 404)])
def test_with_a_token_everybody_who_shows_it_does(client, app, platform, shown, code) -> None:
    from dataclasses import replace

    app.extensions["platform"] = replace(
        platform, settings=replace(platform.settings, metrics_token="secret")
    )
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == code
