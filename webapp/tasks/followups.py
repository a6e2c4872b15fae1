"""The follow-up by the clock: windows open and close at night, letters go out by day."""

from huey import crontab
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.database import opened, transaction_on, transactions
from webapp.domain.dates import city_date
from webapp.domain.words import N_
from webapp.models import FollowUp
from webapp.services import followups
from webapp.services.languages import language_of
from webapp.settings import Settings
from webapp.tasks.letters import send_letter
from webapp.tasks.queue import queue

PATH = "/graduate/follow-ups/%s"
SUBJECT = N_("现在还在武汉工作吗？")
BODY = N_("""%(name)s：

你开始工作满 %(months)d 个月了，现在还在武汉吗？点开下面的链接，再按“确认提交”就好，只要一分钟。

还在武汉工作：
%(link)s?answer=retained_c

已经离开武汉：
%(link)s?answer=left

读书、参军等其他情况：
%(link)s

回答只用来了解有多少人留下、为什么离开，不影响已有的留汉统计。%(closes)s之前有效。不想回答可以不理会这封邮件。""")


@queue.periodic_task(crontab(hour="18", minute="20"), retries=2, retry_delay=600)
def follow_up_nightly() -> None:
    """Open, close and sum up at twenty past two at night in Wuhan (the queue's clock is UTC)."""
    with opened(Settings.from_environment().database_url) as engine:
        followups.follow_up_everybody(transactions(engine), at=now())


@queue.periodic_task(crontab(hour="1-10", minute="*/10"), retries=0)
def ask() -> None:
    """Write to some of those who are due, from nine in the morning to seven in the evening in Wuhan."""
    settings = Settings.from_environment()
    with transaction_on(settings.database_url) as session:
        at = now()
        for found in followups.letters_due(session, on=city_date(at), at=at):
            _write(session, found, settings)


def _write(session: Session, found: FollowUp, settings: Settings) -> None:
    """Leave the question in the app and, where there is an address, send the letter."""
    path = PATH % followups.link_token(found.id, secret=settings.secret_key)
    followups.tell_graduate(session, found, link=path, at=now())
    user = found.placement.graduate.user
    said = language_of(user.language)
    facts = {
        "name": user.name,
        "months": found.months,
        "link": settings.public_url + path,
        "closes": said.day(found.closes_on),
    }
    if user.email:
        subject, body = map(said.words.gettext, (SUBJECT, BODY))
        send_letter(session, user.email, subject, body % facts, user_id=user.id)
