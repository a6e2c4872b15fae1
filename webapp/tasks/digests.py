"""Letters about new postings by the clock: in the morning, once the night's lists are there."""

from time import monotonic

import structlog
from huey import crontab
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.database import Transaction, opened, transactions
from webapp.domain.catalogues import district_name
from webapp.domain.consent import Purpose
from webapp.domain.dates import city_date
from webapp.domain.pay import format_pay
from webapp.domain.postings import LABELS
from webapp.models import Posting
from webapp.queries.market import run_finished_on
from webapp.reports.words import day
from webapp.services.digests import Summary, link_token, look_for_news
from webapp.services.letters import AT_ONCE, count_untried
from webapp.settings import Settings
from webapp.tasks.letters import send_letter
from webapp.tasks.queue import queue

log = structlog.get_logger()
PEOPLE_AT_ONCE = 200
MOST_SECONDS = 50
"""After so long a turn ends; the next begins within a minute."""
POSTING, STOP, SETTINGS = "/graduate/postings/%d", "/graduate/digests/%s", "/graduate/privacy#letters"
SUBJECT = "%(count)d 个新岗位适合你：%(best)s"
BODY = """%(name)s：

有 %(count)d 个新发布的岗位适合你%(order)s。

%(postings)s

点开可以看到逐条的匹配理由。岗位随时可能招满或结束，以打开时看到的为准。

你在学子留汉平台打开了新岗位邮件，所以收到这封信。不想再收，或想少收一些，打开这里按一下就好，不用登录：
%(stop)s

其他设置在“隐私与授权”里：
%(settings)s"""
ORDER = "，最合适的排在最前面"


@queue.periodic_task(crontab(hour="1-3", minute="*"), retries=0)
@queue.lock_task("digests")
def sum_up_postings() -> None:
    """Write about new postings, from nine to noon in Wuhan (the queue's clock is UTC).

    No more letters that were never tried wait at a time than one turn delivers: others' are not kept waiting
    behind them, nor they behind what a mail server refuses.
    """
    settings, started = Settings.from_environment(), monotonic()
    with opened(settings.database_url) as engine:
        transaction = transactions(engine)
        while monotonic() - started < MOST_SECONDS and _write_some(transaction, settings):
            pass


def _write_some(transaction: Transaction, settings: Settings) -> bool:
    """Write to some of those who are due; say whether there may be more to write now."""
    at = now()
    with transaction() as session:
        night, room = run_finished_on(session, city_date(at)), AT_ONCE - count_untried(session)
        if night is None or room <= 0:
            return False
        due = look_for_news(session, run_id=night.id, at=at, most=min(room, PEOPLE_AT_ONCE))
        for letter in due.letters:
            _write(session, letter, settings)
    if due.people:
        log.info("told of new postings", people=due.people, letters=len(due.letters))
    return due.people > 0


def _write(session: Session, letter: Summary, settings: Settings) -> None:
    user, best = letter.graduate.user, letter.postings[0]
    stop = settings.public_url + STOP % link_token(letter.graduate.id, secret=settings.secret_key)
    facts = {
        "name": user.name,
        "count": len(letter.postings),
        "order": ORDER if len(letter.postings) > 1 else "",
        "best": _in_a_line(best.title),
        "postings": "\n\n".join(_told(*pair, settings) for pair in enumerate(letter.postings, start=1)),
        "stop": stop,
        "settings": settings.public_url + SETTINGS,
    }
    send_letter(
        session,
        user.email or "",
        SUBJECT % facts,
        BODY % facts,
        user_id=user.id,
        purpose=Purpose.DIGEST,
        stop=stop,
    )


def _told(number: int, posting: Posting, settings: Settings) -> str:
    """Say a posting in a few short lines, which a telephone shows as they are."""
    where = [posting.employer.name, district_name(posting.district), LABELS[posting.kind]]
    lines = [
        f"{number}. {_in_a_line(posting.title)}",
        " · ".join(part for part in where if part),
        format_pay(posting.pay_min, posting.pay_max, posting.months),
        f"有效期至{day(posting.valid_until_on.isoformat())}" if posting.valid_until_on else "",
        settings.public_url + POSTING % posting.id,
    ]
    return "\n".join(line for line in lines if line)


def _in_a_line(text: str) -> str:
    """Leave no line break of a table's cell in: a subject has none."""
    return " ".join(text.split())
