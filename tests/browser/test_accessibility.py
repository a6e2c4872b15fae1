"""Every page a person can walk to: no serious axe finding, nothing cut off, everything by keyboard."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from tests.browser.affairs import lay_before_the_city
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.person import Person
from webapp.auth.access import EVERYONE, STATIC
from webapp.clock import now, today
from webapp.database import session_factory
from webapp.domain.dates import city_date
from webapp.domain.digests import Frequency
from webapp.domain.figure_rules import SaidFigure
from webapp.domain.figures import FigureKind
from webapp.domain.followup import Result, Source
from webapp.domain.postings import PostingStatus
from webapp.domain.retention import EDITABLE, EntryKind
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import (
    Application,
    AuditItem,
    Digest,
    FollowUp,
    Graduate,
    ImportProblem,
    ImportRun,
    Invitation,
    LedgerCorrection,
    LedgerEntry,
    Member,
    Officer,
    Placement,
    Posting,
    ReportedFigure,
    User,
)
from webapp.models.invitation import InvitationStatus
from webapp.services import digests
from webapp.services.accounts import invite_member, reset_token
from webapp.services.closing import publish_head
from webapp.services.demo import PASSWORD, load_demo
from webapp.services.figures import submit_figure
from webapp.services.followups import close_follow_ups, link_token, open_follow_ups, rebuild_totals
from webapp.services.programme import load_programme
from webapp.services.sampling import draw_waiting, freeze
from webapp.settings import ROOT, Settings

CITY_OFFICER, AUDITOR, STATION = "city1@example.com", "auditor@example.com", "station@example.com"
SERIOUS = {"serious", "critical"}
ZOOMED = {"width": 640, "height": 450}
"""1280 x 900 at 200 %."""
DOCUMENT = re.compile(
    r"\.(ics|json|csv|xlsx|txt|html|docx|pdf)$|/(file|licence)$|/evidence/\d+$|/applications/\d+/resume$"
)
"""Addresses of files."""


RESUME = "姓名：王小明\n武汉大学 软件工程 本科 2022.09-2026.06\n熟悉 Python 与 SQL，做过校园网站。"
NO_PAGES = {
    "employers.application_resume",
    "employers.licence",
    "graduates.evidence_file",
    "graduates.export",
    "graduates.interview_calendar",
    "graduates.resume_file",
    "officers.evidence",
    "officers.licence",
    "officers.report_file",
    "pages.heads_file",
    "pages.healthz",
    "pages.metrics",
    "pages.readyz",
    "pages.report_file",
    "pages.institutions",
    "pages.majors",
    "pages.robots",
}
"""Routes that hand over files and lists for programs."""
ROWS = {"period_id", "indicator", "unit", "snapshot_id"}
"""Words of an address that name a row, as numbers do elsewhere: one page of each kind is enough."""


@pytest.fixture(scope="module")
def visits(database: Engine, settings: Settings) -> Mapping[Role | None, Sequence[tuple[str | None, str]]]:
    """The demo programme; who walks, and from where: some pages need somebody to whom they happen."""
    with session_factory(database).begin() as session:
        load_programme(session, at=now())
        folder, key = ROOT / "data" / "demo", settings.fernet_key
        load_demo(session, folder=folder, at=now(), pepper=settings.pepper, file_key=key)
        run = ImportRun(kind="postings", filename="岗位.csv", digest="0", refused=1, started_at=now())
        session.add(run)
        session.flush()
        session.add(ImportProblem(run_id=run.id, row_number=2, reason="缺少岗位名称"))
        owner = session.scalars(_busiest_employers()).first()
        employing = session.get_one(User, owner.user_id)
        _invitation, token = invite_member(session, by=owner, email="new@example.com", at=now())
        claimant, claim = session.execute(_graduates(Placement).where(Placement.state.in_(EDITABLE))).first()
        verifier, outcome = session.execute(
            select(User.email, Placement.id)
            .join(Member, Member.user_id == User.id)
            .join(Placement, Placement.employer_id == Member.employer_id)
            .where(Member.role == MemberRole.OWNER)
        ).first()
        wanted, letter = session.execute(
            _graduates(Invitation).where(Invitation.status == InvitationStatus.SENT)
        ).first()
        follow_up, drawn = _followed(session), _audited(session)
        placement = session.get_one(Placement, follow_up.placement_id)
        move = _asked_to_move(session, placement)
        lay_before_the_city(session)
        link = link_token(follow_up.id, secret=settings.secret_key)
        reader = session.scalars(
            select(Digest.graduate_id).where(Digest.frequency == Frequency.DAILY)
        ).first()
        stop = digests.link_token(reader, secret=settings.secret_key)
        asked = session.scalars(
            select(User.email)
            .join(Member, Member.user_id == User.id)
            .where(Member.employer_id == placement.employer_id)
        ).first()
        return {
            None: [
                (None, "/"),
                (None, f"/graduate/follow-ups/{link}"),
                (None, f"/graduate/digests/{stop}"),
                (None, f"/join/{token}"),
                (None, f"/password/reset/{reset_token(employing, secret=settings.secret_key)}"),
            ],
            Role.GRADUATE: [
                (claimant, f"/graduate/placements/{claim}"),
                (wanted, f"/graduate/invitations/{letter}/accept"),
            ],
            Role.EMPLOYER: [
                (employing.email, "/employer/"),
                (verifier, f"/employer/placements/{outcome}"),
                (asked, "/employer/follow-ups"),
            ],
            Role.OFFICER: [
                (CITY_OFFICER, "/officer/"),
                (CITY_OFFICER, f"/officer/corrections/{move.id}"),
                (CITY_OFFICER, f"/officer/figures/{_submitted(session).id}"),
                (CITY_OFFICER, f"/officer/placements/{move.placement_id}/move"),
                (AUDITOR, "/officer/audits/new"),
                (AUDITOR, f"/officer/audits/items/{drawn.id}"),
                (STATION, f"/officer/graduates/{_reached_by_the_station(session)}/claim"),
            ],
        }


def _submitted(session: Session) -> ReportedFigure:
    """Write down an indicator's figure that waits for a second officer."""
    said = SaidFigure(
        period_id="P14",
        indicator="retained",
        unit="city",
        kind=FigureKind.YEARLY,
        month="2025-12",
        value=Decimal(313_000),
        document="演示公报〔2026〕1号",
    )
    makers = select(User).join(Officer, Officer.user_id == User.id).where(Officer.scope == Scope.CITY)
    maker = session.scalars(makers.where(User.email != CITY_OFFICER)).first()
    return submit_figure(session, by=maker, said=said, at=now())


def _followed(session: Session) -> FollowUp:
    """Ask about everybody counted: one waits for an answer, the others' time is over and one of them left."""
    open_follow_ups(session, on=today() + timedelta(days=800))
    found = session.scalars(
        select(FollowUp).join(Placement).where(Placement.employer_id.is_not(None)).order_by(FollowUp.id)
    ).all()
    for one in found:
        one.opens_on, one.due_on, one.closes_on = (today() - timedelta(days=days) for days in (70, 40, 10))
    close_follow_ups(session, on=today())
    found[0].opens_on, found[0].closes_on, found[0].result = today(), today(), None
    found[0].due_on = today()
    found[1].result, found[1].source, found[1].reason = Result.LEFT, Source.GRADUATE, "pay"
    found[1].observed_months = 3
    rebuild_totals(session, on=today(), at=now())
    return found[0]


def _audited(session: Session) -> AuditItem:
    """Freeze and draw an audit; nothing has been found yet."""
    auditor = session.scalars(select(User).where(User.email == AUDITOR)).one()
    before = now() - timedelta(days=1)
    period = session.scalars(select(LedgerEntry.period_id)).first()
    freeze(session, by=auditor, period_id=period, size=20, at=before)
    publish_head(session, day=city_date(before), at=now())
    draw_waiting(session, at=now())
    return session.scalars(select(AuditItem)).first()


def _asked_to_move(session: Session, counted: Placement) -> LedgerCorrection:
    """Ask that a count move to another unit."""
    asked = LedgerCorrection(
        kind=EntryKind.MOVE_OUT,
        placement_id=counted.id,
        district="420106",
        moved_on=today(),
        reason="单位搬迁",
        asked_by_id=counted.claimed_by_id,
        asked_at=now(),
    )
    session.add(asked)
    session.flush()
    return asked


def _graduates(having: type[Placement] | type[Invitation]) -> Select[tuple[str, int]]:
    return (
        select(User.email, having.id)
        .select_from(having)
        .join(Graduate, Graduate.id == having.graduate_id)
        .join(User, User.id == Graduate.user_id)
    )


def _reached_by_the_station(session: Session) -> int:
    """Return one of the graduates whose school has the station."""
    school = select(Officer.institution_code).join(User, User.id == Officer.user_id)
    here = Graduate.institution_code == school.where(User.email == STATION).scalar_subquery()
    return session.scalars(select(Graduate.id).where(here).limit(1)).one()


def _busiest_employers() -> Select[Member]:
    return (
        select(Member)
        .join(Posting, Posting.employer_id == Member.employer_id)
        .join(Application, Application.posting_id == Posting.id)
        .where(Member.role == MemberRole.OWNER, Posting.status == PostingStatus.LIVE)
        .group_by(Member.id)
        .order_by(func.count(Application.id).desc())
    )


@dataclass
class Walk:
    """A walk along every link of an audience's pages, opening one page of each kind."""

    app: Flask
    seen: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def kind(self, url: str) -> str | None:
        """Return what kind of page an address leads to: its route and words, whatever its numbers."""
        if DOCUMENT.search(urlsplit(url).path) or "format=" in url:
            return None
        try:
            endpoint, values = self.app.url_map.bind("x").match(urlsplit(url).path, "GET")
        except HTTPException:
            return None
        return (
            None
            if endpoint in STATIC
            else " ".join([endpoint, *(v for k, v in values.items() if isinstance(v, str) and k not in ROWS)])
        )

    def along(self, page: Page, start: str) -> None:
        page.goto(start)
        ahead = [page.url]
        while ahead:
            url = ahead.pop(0)
            kind = self.kind(url)
            if kind is None or kind in self.seen:
                continue
            self.seen.add(kind)
            if page.url != url:
                page.goto(url)
            self.look(page)
            links = page.locator("a[href]").evaluate_all(
                "all => all.map(one => new URL(one.getAttribute('href'), location).href)"
            )
            ahead += [link for link in links if urlsplit(link).netloc == urlsplit(page.url).netloc]

    def look(self, page: Page) -> None:
        """Write down what is wrong with the page as it is shown now."""
        kind = self.kind(page.url) or page.url
        self.seen.add(kind)
        page.evaluate(AXE_SCRIPT)
        self.found += [f"{kind}: {line}" for line in findings(page)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.found += [f"{kind}, dark: {line}" for line in findings(page, runOnly=["color-contrast"])]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for name, size in {"360 px": PHONE, "200 %": ZOOMED}.items():
            page.set_viewport_size(size)
            if over := overflow(page):
                self.found.append(f"{kind}: {over} wider than the window at {name}")
        page.set_viewport_size(DESKTOP)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if over := overflow(page):
            self.found.append(f"{kind}: {over} wider than the window with text of twice the size")


def findings(page: Page, **options: object) -> list[str]:
    """Return axe's serious and critical findings, one line for each element."""
    results = page.evaluate(
        "options => axe.run(options).then(results => results.violations)",
        {"resultTypes": ["violations"]} | options,
    )
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in results
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("role", [None, *Role])
def test_every_page_is_accessible(app, open_page, visits, role: Role | None):
    walk = Walk(app)
    for login, start in visits[role]:
        person = Person(open_page())
        if login:
            person.log_in(login, PASSWORD)
        walk.along(person.page, start)
        if role is Role.GRADUATE:
            check_a_resume(person)
            walk.look(person.page)
        if role is Role.EMPLOYER:
            compare_two(person)
            walk.look(person.page)
    audience = frozenset({role}) if role else EVERYONE
    meant = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and rule.endpoint not in STATIC
        and app.view_functions[rule.endpoint].audience == audience
    }
    assert meant - NO_PAGES - {kind.split()[0] for kind in walk.seen} == set()
    assert walk.found == []


def check_a_resume(person: Person) -> None:
    person.go("/graduate/resume")
    person.fill(粘贴简历内容=RESUME)
    person.press("读取简历")
    person.sees_heading("核对简历")


def compare_two(person: Person) -> None:
    person.go("/employer/candidates")
    for box in person.main.get_by_role("checkbox", name="加入比较").all()[:2]:
        box.check()
    person.press("比较勾选的两位")


def test_a_page_is_walked_and_a_form_sent_by_keyboard(open_page, visits):
    page = open_page()
    page.goto("/login")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    for label in ("手机号或邮箱", "密码"):
        page.keyboard.press("Tab")
        expect(page.get_by_label(label)).to_be_focused()
        assert outlined(page)
        page.keyboard.type({"手机号或邮箱": CITY_OFFICER, "密码": PASSWORD}[label])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("总览：全市")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert outlined(page), page.evaluate("document.activeElement.outerHTML")


def test_a_search_is_sent_with_enter(open_page, visits):
    page = open_page()
    page.goto("/postings")
    page.get_by_role("searchbox").fill("光谷 数据分析 实习 能转正")
    page.keyboard.press("Enter")
    page.wait_for_url("**/postings?q=*")
    expect(page.get_by_role("article").first).to_be_visible()


def outlined(page: Page) -> bool:
    """Say whether the element with the focus is drawn differently from others."""
    return bool(
        page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement);"
            " return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)"
            " || style.boxShadow !== 'none'; }"
        )
    )
