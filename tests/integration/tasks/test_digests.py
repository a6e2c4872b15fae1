"""Letters about new postings by the clock, as the worker writes and delivers them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session, joinedload

from tests.factories import make_employer, make_graduate, make_posting
from tests.letterbox import open_letterbox, posted
from tests.lists import make_lists
from webapp.clock import now, today
from webapp.database import session_factory, session_scope, transactions
from webapp.domain.digests import Frequency
from webapp.models import Digest, DigestPosting, Graduate, MarketList, MarketRun, OutgoingLetter
from webapp.services.digests import choose, reader_of
from webapp.services.erasure import erase
from webapp.services.letters import AT_ONCE, NEWS_KEPT, deliver_due, post_letter
from webapp.services.mail import Letter, mailer
from webapp.settings import DEVELOPMENT_SECRET, Settings
from webapp.tasks import digests, letters
from webapp.tasks.queue import queue

DAY = timedelta(days=1)
turn = digests.sum_up_postings.call_local


def begin(engine: Engine, *, readers: int = 1, postings: int = 1) -> list[int]:
    """Let some have asked for letters, some postings be new today, and the night's lists be there."""
    with session_scope(session_factory(engine)) as session:
        people = [make_graduate(session) for _ in range(readers)]
        for one in people:
            choose(session, graduate=one, frequency=Frequency.DAILY, at=now() - 2 * DAY)
        employer = make_employer(session, name="光谷示例科技有限公司")
        new = [
            make_posting(
                session,
                employer,
                title="数据\n分析师",
                district="WH-DHGX",
                valid_until_on=date(2099, 6, 30),
                published_at=now() - DAY / 24,
            )
            for _ in range(postings)
        ]
        make_lists(session, dict.fromkeys(people, new), at=now())
        return [one.id for one in people]


def found(session: Session, graduate_id: int) -> Graduate:
    return session.get_one(Graduate, graduate_id, options=[joinedload(Graduate.user)])


def test_a_letter_says_what_is_new_and_how_to_stop(engine: Engine) -> None:
    [reader] = begin(engine)
    for _ in range(2):
        turn()
    with session_scope(session_factory(engine)) as session:
        [letter] = posted(session)
        posting_id = session.scalars(select(DigestPosting.posting_id)).one()
    url = Settings().public_url
    assert letter.subject == "1 个新岗位适合你：数据 分析师"
    for line in (
        "1. 数据 分析师",
        "光谷示例科技有限公司 · 东湖新技术开发区 · 全职",
        "8,000–11,000 元/月 · 13薪",
        "有效期至2099年6月30日",
        f"{url}/graduate/postings/{posting_id}",
        letter.stop,
        f"{url}/graduate/privacy#letters",
        "有 1 个新发布的岗位适合你。",
    ):
        assert line in letter.body.splitlines()
    assert letter.stop is not None
    assert reader_of(letter.stop.rpartition("/")[2], secret=DEVELOPMENT_SECRET) == reader


@pytest.mark.parametrize(
    ("postings", "subject", "news"),
    [
        (1, "1 new posting fits you: 数据 分析师", "1 new posting fits you."),
        (2, "2 new postings fit you: 数据 分析师", "2 new postings fit you, the most fitting one first."),
    ],
)
def test_a_letter_is_in_the_language_its_reader_chose(
    engine: Engine, postings: int, subject: str, news: str
) -> None:
    [reader] = begin(engine, postings=postings)
    with session_scope(session_factory(engine)) as session:
        found(session, reader).user.language = "en"
    turn()
    with session_scope(session_factory(engine)) as session:
        [letter] = posted(session)
    assert letter.subject == subject
    for line in (
        news,
        "1. 数据 分析师",
        "光谷示例科技有限公司 · East Lake High-tech Zone (Optics Valley) · Full-time",
        "8,000–11,000 yuan/month · 13 salaries a year",
        "Valid until 30 June 2099",
    ):
        assert line in letter.body.splitlines()


def test_a_worker_killed_between_two_pages_is_followed_by_one_that_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = begin(engine, readers=5)
    monkeypatch.setattr(digests, "PEOPLE_AT_ONCE", 2)
    write, written = digests._write, []

    def killed_at_the_fourth(*given: object) -> None:
        written.append(given)
        if len(written) == 4:
            raise KeyboardInterrupt
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(digests, "_write", killed_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        turn()
    with session_scope(session_factory(engine)) as session:
        assert len(posted(session)) == len(session.scalars(select(DigestPosting)).all()) == 2
    monkeypatch.setattr(digests, "_write", write)
    turn()
    with session_scope(session_factory(engine)) as session:
        addresses = [one.to for one in posted(session)]
        assert len(addresses) == len(set(addresses)) == len(readers)


def test_people_without_news_end_no_turn(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = begin(engine, readers=3)
    monkeypatch.setattr(digests, "PEOPLE_AT_ONCE", 1)
    with session_scope(session_factory(engine)) as session:
        session.execute(delete(MarketList).where(MarketList.graduate_id == readers[0]))
    turn()
    with session_scope(session_factory(engine)) as session:
        assert len(posted(session)) == 2


@pytest.mark.parametrize("night", ["yesterday's", "unfinished", "none"])
def test_nothing_is_written_before_the_lists_of_the_night_are_there(engine: Engine, night: str) -> None:
    begin(engine)
    with session_scope(session_factory(engine)) as session:
        run = session.scalars(select(MarketRun)).one()
        if night == "yesterday's":
            run.finished_at = now() - DAY
        elif night == "unfinished":
            run.finished_at = None
        else:
            session.delete(run)
    turn()
    with session_scope(session_factory(engine)) as session:
        assert posted(session) == []
        assert session.scalars(select(Digest.looked_on)).one() < today(), "it is looked for later"


def test_other_letters_never_wait_behind_more_than_one_turn_delivers(engine: Engine) -> None:
    begin(engine, readers=3)
    key = Settings().fernet_key
    with session_scope(session_factory(engine)) as session:
        other = Letter("someone@example.com", "重设密码", "链接")
        for _ in range(AT_ONCE - 1):
            post_letter(session, other, key=key, at=now())
    for _ in range(2):
        turn()
    with session_scope(session_factory(engine)) as session:
        waiting = session.scalars(select(OutgoingLetter)).all()
        assert len(waiting) == AT_ONCE
        for one in waiting[:-1]:
            session.delete(one)
    turn()
    with session_scope(session_factory(engine)) as session:
        assert len(session.scalars(select(OutgoingLetter)).all()) == 3


def test_letters_a_server_refuses_leave_room_for_new_ones(engine: Engine) -> None:
    begin(engine)
    with session_scope(session_factory(engine)) as session:
        for _ in range(AT_ONCE):
            refused = Letter("someone@example.com", "重设密码", "链接")
            post_letter(session, refused, key=Settings().fernet_key, at=now()).tries = 1
    turn()
    with session_scope(session_factory(engine)) as session:
        assert len(session.scalars(select(OutgoingLetter)).all()) == AT_ONCE + 1


@pytest.mark.parametrize("way", ["stopped", "erased", "less"])
def test_a_letter_that_has_not_left_goes_with_the_wish_for_it(engine: Engine, way: str) -> None:
    [reader, other] = begin(engine, readers=2)
    turn()
    with session_scope(session_factory(engine)) as session:
        graduate = found(session, reader)
        address = graduate.user.email
        letters.send_letter(session, address, "重设密码", "链接", user_id=graduate.user_id)
        if way == "erased":
            erase(session, graduate=graduate, by=graduate.user, at=now())
        else:
            less = Frequency.OFF if way == "stopped" else Frequency.WEEKLY
            choose(session, graduate=graduate, frequency=less, at=now())
        others = found(session, other).user.email
    with session_scope(session_factory(engine)) as session:
        waiting = [(one.to, one.stop is not None) for one in posted(session)]
    news, deed = (address, True), (address, False)
    left = {"stopped": [deed], "erased": [], "less": [news, deed]}[way]
    assert sorted(waiting) == sorted([(others, True), *left])


def test_news_is_dropped_after_a_day_and_other_letters_are_not(engine: Engine) -> None:
    begin(engine)
    turn()
    transaction = transactions(engine)
    with transaction() as session:
        letters.send_letter(session, "someone@example.com", "重设密码", "链接")
    with mailer("smtp://127.0.0.1:1", "no-reply@example.com") as door:
        at = now() + NEWS_KEPT + timedelta(minutes=1)
        deliver_due(transaction, door, key=Settings().fernet_key, clock=lambda: at)
    with transaction() as session:
        assert [one.to for one in posted(session)] == ["someone@example.com"]


def test_the_letter_that_is_delivered_can_be_stopped_by_a_mail_program(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(engine)
    turn()
    with open_letterbox() as box:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{box.port}")
        letters.deliver.call_local()
        letter = box.letters.get(timeout=10)
    sent = dict(letter.raw_items())
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = sent["List-Unsubscribe"]
    assert address.startswith(f"<{Settings().public_url}/graduate/digests/")
    assert address[1:-1] in letter.get_content()


@pytest.mark.parametrize(("hour", "written"), [(0, False), (1, True), (3, True), (4, False), (15, False)])
def test_letters_are_written_from_nine_to_noon(hour: int, *, written: bool) -> None:
    [task] = [one for one in queue._registry.periodic_tasks if one.name == "sum_up_postings"]
    moments = (now().replace(hour=hour, minute=minute) for minute in (0, 17, 59))
    assert {task.validate_datetime(moment) for moment in moments} == {written}
