"""The officers' page of background work."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_officer
from webapp.clock import now
from webapp.domain.background import TASKS, UNEXPECTED, remedy_of, title_of
from webapp.domain.roles import Scope
from webapp.models import IndexProbe, TaskRun
from webapp.models.background import RunState
from webapp.services.letters import post_letter
from webapp.services.mail import Letter
from webapp.settings import Settings
from webapp.tasks.queue import queue


def run(session, name: str, state: RunState, error: str | None = None, *, minutes: int = 1) -> None:
    began = now() - timedelta(minutes=minutes + 1)
    ended = None if state is RunState.RUNNING else began + timedelta(minutes=minutes)
    session.add(
        TaskRun(
            task_id=name, name=name, worker="w:1", started_at=began, ended_at=ended, state=state,
            error=error, tries_left=2 if error else 0,
        )
    )  # fmt: skip
    session.flush()


def test_the_page_says_what_ran_what_failed_with_its_remedy_and_what_waits(session, visitor) -> None:
    for state, error in ((RunState.DONE, None), (RunState.FAILED, "ConnectionRefusedError")):
        run(session, "deliver", state, error)
    run(session, "keep_index", RunState.RUNNING, minutes=5)
    post_letter(session, Letter("a@example.com", "题目", "正文"), key=Settings().fernet_key, at=now())
    page = visitor(make_officer(session).user).get("/officer/background").text
    for told in (
        "投递邮件", "更新匹配索引", "正在运行", "SMTP_URL", "还会重试 2 次", "最早写于",
        "等待生成的报表", "等待计算的数字",
    ):  # fmt: skip
        assert told in page
    assert "example.com" not in page


def test_an_installation_without_a_worker_says_so(session, visitor) -> None:
    assert "请确认后台进程已启动" in visitor(make_officer(session).user).get("/officer/background").text


@pytest.mark.parametrize(("minutes", "warned"), [(8, False), (10, True)])
def test_a_worker_that_has_fallen_silent_is_said_to_have(
    session, visitor, minutes: int, *, warned: bool
) -> None:
    run(session, "deliver", RunState.DONE, minutes=minutes)
    page = visitor(make_officer(session).user).get("/officer/background").text
    assert ("没有开始过任何工作" in page) == warned


def test_work_that_never_ran_is_named_in_one_line(session, visitor) -> None:
    run(session, "deliver", RunState.DONE)
    page = BeautifulSoup(visitor(make_officer(session).user).get("/officer/background").text, "html.parser")
    assert [one.text for one in page.select("tbody th")] == ["投递邮件"]
    [line] = [one.text for one in page.select("p") if one.text.startswith("还没有运行过：")]
    named = line.removeprefix("还没有运行过：").removesuffix("。").split("；")
    assert set(TASKS.values()) - set(named) == {"投递邮件"}
    assert len(named) == len(TASKS) - 1


def test_a_turn_that_is_not_done_is_told_with_the_last_that_was(session, visitor) -> None:
    run(session, "deliver", RunState.DONE)
    run(session, "keep_index", RunState.DONE, minutes=30)
    run(session, "keep_index", RunState.RUNNING, minutes=2)
    page = BeautifulSoup(visitor(make_officer(session).user).get("/officer/background").text, "html.parser")
    told = {row.th.text: row.td.find_next("td").text for row in page.select("tbody tr") if row.th}
    assert "上次完成于" in told["更新匹配索引"]
    assert "正在运行" in told["更新匹配索引"]
    assert told["投递邮件"].endswith(" · 1 分钟")
    assert "30 天内失败" not in page.text


def test_a_queue_that_does_not_answer_is_said_and_breaks_nothing(session, visitor, monkeypatch) -> None:
    def refuse() -> int:
        raise ConnectionError

    monkeypatch.setattr(queue, "pending_count", refuse)
    assert "任务队列没有应答" in visitor(make_officer(session).user).get("/officer/background").text


def test_the_page_tells_the_last_probe_of_each_part_of_the_index(session, visitor) -> None:
    officer = make_officer(session).user
    assert "还没有抽查过" in visitor(officer).get("/officer/background").text
    for collection, entries, recall in (("posting", 11, 0.5), ("posting", 4321, 0.996), ("resume", 87, 1.0)):
        session.add(
            IndexProbe(
                at=now(), model_id="m", collection=collection, entries=entries, queries=20, recall=recall
            )
        )
        session.flush()
    page = visitor(officer).get("/officer/background").text
    for told in ("4,321", "99.6%", "87", "100.0%"):
        assert told in page
    assert "50.0%" not in page


@pytest.mark.parametrize(("scope", "code"), [(Scope.CITY, 200), (Scope.AUDITOR, 200), (Scope.UNIT, 403)])
def test_the_city_and_its_auditors_look_after_background_work(session, visitor, scope, code) -> None:
    extra = {"unit": "420106"} if scope is Scope.UNIT else {}
    assert visitor(make_officer(session, scope, **extra).user).get("/officer/background").status_code == code


@pytest.mark.parametrize(
    ("task", "error", "told"),
    [
        ("deliver", "SMTPServerDisconnected", "SMTP_URL"),
        ("deliver", "OperationalError", "数据库"),
        ("keep_index", "UnknownEncoder", "MATCHER_ENCODER"),
        ("keep_index", "Interrupted", "自动补做"),
        ("keep_index", "KeyError", UNEXPECTED),
    ],
)
def test_a_failure_comes_with_its_remedy(task: str, error: str, told: str) -> None:
    assert told in remedy_of(task, error)


def test_every_task_has_a_name_people_read() -> None:
    assert {task.__name__ for task in queue._registry._registry.values()} - TASKS.keys() == set()
    assert title_of("something new") == "something new"
