"""The first page: what changed, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.pipeline import Stage
from webapp.domain.pipeline_words import Turn
from webapp.domain.roles import Role
from webapp.graduates import blueprint
from webapp.graduates.proposals import best_cards, picked_cards
from webapp.models import Graduate, Interview, Offer, Resume
from webapp.queries.documents import current_resume
from webapp.queries.graduates import count_open_invitations, unread_news
from webapp.queries.pipelines import GraduateCard, graduate_board
from webapp.services.following import IndexNotReady
from webapp.ui.filters import full_date, moment
from webapp.unit_of_work import db

NEWS = 6


@dataclass(frozen=True)
class Task:
    """One thing that waits for the graduate, and by when."""

    title: str
    sentence: str
    verb: str
    url: str


@dataclass(frozen=True)
class Point:
    """One line of the profile's checklist, as the checklist macro reads it."""

    text: str
    met: bool
    url: str
    note: str | None = None


@blueprint.get("/")
@audience(Role.GRADUATE)
def today() -> ResponseReturnValue:
    """Show what changed, the most urgent of it, three good matches and what the profile lacks."""
    graduate = my_graduate()
    resume = current_resume(db(), graduate.id)
    invitations = count_open_invitations(db(), graduate.id)
    board = graduate_board(db(), graduate.id)
    tasks = tasks_of(board, invitations, resume, at=now())
    applied = {card.posting.id for card in board}
    picked = picked_cards(graduate, applied) if resume else []
    best, refusal = picked, None
    if resume and not picked:
        try:
            best = best_cards(graduate, applied)
        except IndexNotReady as error:
            refusal = error
    return render_template(
        "graduates/today.html",
        graduate=graduate,
        tasks=tasks,
        news=unread_news(db(), me().id, NEWS),
        picked=bool(picked),
        best=best,
        refusal=refusal,
        points=completeness(graduate, resume),
    )


def tasks_of(
    cards: Sequence[GraduateCard], invitations: int, resume: Resume | None, *, at: datetime
) -> list[Task]:
    """Return what waits for the graduate, the most urgent first."""
    offers = [(card, card.offer) for card in cards if card.stage is Stage.OFFER_MADE and card.offer]
    interviews = [
        (card, card.interview) for card in cards if card.stage is Stage.INTERVIEW_SCHEDULED and card.interview
    ]
    tasks = [] if resume else [_hand_in()]
    tasks += [_answer_offer(*pair) for pair in sorted(offers, key=lambda pair: pair[1].deadline_on)]
    tasks += [_attend(*pair, at) for pair in sorted(interviews, key=lambda pair: pair[1].starts_at)]
    if invitations:
        tasks.append(
            Task(
                _("%(count)d 家单位邀请你投递", count=invitations),
                _("接受之前，单位看不到你的姓名和联系方式。"),
                _("看邀请"),
                url_for("graduates.invitations"),
            )
        )
    waiting = (Stage.OFFER_MADE, Stage.INTERVIEW_SCHEDULED)
    tasks += [
        Task(
            f"{card.posting.employer.name} · {card.posting.title}",
            _(card.next.sentence),
            _("去处理"),
            _page(card),
        )
        for card in cards
        if card.next.turn is Turn.GRADUATE and card.stage not in waiting
    ]
    return tasks


def completeness(graduate: Graduate, resume: Resume | None) -> list[Point]:
    """Return what a profile has and lacks, each with the place to add it."""
    profile, privacy = url_for("graduates.profile"), url_for("graduates.privacy")
    studies = (graduate.institution_code, graduate.major_name, graduate.degree, graduate.graduation_on)
    return [
        Point(_("简历"), resume is not None, url_for("graduates.resume")),
        Point(_("学校、专业、学历和毕业时间"), all(studies), profile),
        Point(_("想做的工作"), bool(graduate.wanted), profile),
        Point(_("岗位类型和期望月薪"), bool(graduate.kinds) and graduate.pay_min is not None, profile),
        Point(
            _("允许用人单位找到我"),
            graduate.searchable,
            privacy,
            None if graduate.searchable else _("打开后单位可以邀请你，看不到姓名和联系方式。"),
        ),
        Point(
            _("登记证件，用于留汉统计"),
            graduate.person_key is not None,
            privacy,
            None if graduate.person_key else _("只在核验就业去向时需要，现在可以不填。"),
        ),
    ]


def _hand_in() -> Task:
    return Task(
        _("先放上简历"),
        _("上传文件或粘贴文字都行。一分钟后就能看到适合你的岗位和理由。"),
        _("放上简历"),
        url_for("graduates.resume"),
    )


def _answer_offer(card: GraduateCard, offer: Offer) -> Task:
    posting = card.posting
    return Task(
        _("%(employer)s 给你发了录用通知", employer=posting.employer.name),
        _(
            "“%(title)s”，请在 %(deadline)s 前答复。",
            title=posting.title,
            deadline=full_date(offer.deadline_on),
        ),
        _("看录用条件"),
        _page(card),
    )


def _attend(card: GraduateCard, interview: Interview, at: datetime) -> Task:
    posting = card.posting
    title = _("%(employer)s 约你面试", employer=posting.employer.name)
    if interview.starts_at < at:
        return Task(title, _("面试时间已过，请告诉我们是否按时进行。"), _("记录面试"), _page(card))
    sentence = _("“%(title)s”，%(when)s。", title=posting.title, when=moment(interview.starts_at))
    return Task(title, sentence, _("看面试安排") if interview.confirmed_at else _("确认面试"), _page(card))


def _page(card: GraduateCard) -> str:
    return url_for("graduates.application", application_id=card.application_id)
