"""Getting in: registration within a minute, login, passwords, invitations."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories as make
from webapp.domain.consent import Purpose
from webapp.domain.employers import EmployerStatus
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.models import Consent, Employer, Graduate, Member, Officer, User
from webapp.services.accounts import invite_member, invite_officer, log_in, reset_token
from webapp.services.notifications import notify
from webapp.settings import DEVELOPMENT_SECRET

NEW = {"name": "张同学", "login": "13812345678", "password": make.PASSWORD, "consent": "y"}
COMPANY = {
    "employer_name": "演示科技有限公司",
    "credit_code": make.credit_code(8001),
    "kind": "company",
    "name": "王经理",
    "login": "hr@example.com",
    "password": make.PASSWORD,
    "consent": "y",
}
HOSTILE = "<script>alert(1)</script>'; DROP TABLE user; --"


def text(response) -> str:
    return response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/login", "/register", "/register/employer", "/password/forgot"])
def test_the_doors_open_for_everybody(client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert text(response).count("<h1") == 1


def test_a_graduate_registers_on_one_screen_and_is_in(client, session: Session) -> None:
    response = client.post("/register", data=NEW)
    assert response.status_code == 302
    graduate = session.scalars(select(Graduate).join(Graduate.user).where(User.mobile == NEW["login"])).one()
    assert graduate.name == NEW["name"]
    given = session.scalars(select(Consent.purpose).where(Consent.user_id == graduate.user_id)).all()
    assert given == [Purpose.SERVICE]
    assert client.get("/notifications").status_code == 200


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        ({"name": ""}, "这一项不能空着"),
        ({"name": "补贴已到账 http://evil.cn/x"}, "不含数字和其他符号"),
        ({"login": "not an address"}, "11 位手机号"),
        ({"password": "12345678"}, "密码至少 8 个字符"),
        ({"consent": ""}, "同意后才能"),
    ],
)
def test_a_refused_registration_keeps_what_was_typed_but_the_password(
    client, session: Session, flaw: dict[str, str], said: str
) -> None:
    filled = NEW | flaw
    page = text(client.post("/register", data={key: value for key, value in filled.items() if value}))
    assert said in page
    for key in ("name", "login"):
        if filled[key]:
            assert f'value="{filled[key]}"' in page
    assert f'value="{make.PASSWORD}"' not in page
    assert session.scalar(select(func.count()).select_from(Graduate)) == 0


def test_an_employer_registers_as_a_draft_and_is_led_to_its_profile(client, session: Session) -> None:
    response = client.post("/register/employer", data=COMPANY)
    assert response.headers["Location"] == "/employer/organisation"
    employer = session.scalars(select(Employer)).one()
    assert employer.status is EmployerStatus.DRAFT
    assert session.scalars(select(Member.role)).all() == [MemberRole.OWNER]


@pytest.mark.parametrize(
    ("flaw", "said"),
    [
        ({"credit_code": COMPANY["credit_code"][:-1] + "*"}, "统一社会信用代码"),
        ({"kind": "public_institution"}, "不一致"),
    ],
)
def test_a_refused_organisation_is_told_why_and_loses_nothing(
    client, session: Session, flaw: dict[str, str], said: str
) -> None:
    page = text(client.post("/register/employer", data=COMPANY | flaw))
    assert said in page
    assert f'value="{COMPANY["employer_name"]}"' in page
    assert session.scalar(select(func.count()).select_from(Employer)) == 0


def test_a_code_already_registered_points_to_the_organisation_s_owner(client, session: Session) -> None:
    make.make_employer(session, credit_code=COMPANY["credit_code"])
    page = text(client.post("/register/employer", data=COMPANY))
    assert "管理员" in page
    assert session.scalar(select(func.count()).select_from(User).where(User.role == Role.EMPLOYER)) == 0


def test_html_and_sql_in_every_field_come_back_as_text(client, session: Session) -> None:
    page = text(client.post("/register/employer", data=dict.fromkeys(COMPANY, HOSTILE)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("maker", [make.make_graduate, make.make_member, make.make_officer])
def test_everybody_logs_in_by_the_same_door(client, session: Session, maker) -> None:
    user = maker(session).user
    session.flush()
    response = client.post("/login", data={"login": user.email, "password": make.PASSWORD})
    assert response.status_code == 302


def test_a_wrong_password_and_an_unknown_name_read_the_same(client, session: Session) -> None:
    user = make.make_user(session)
    said = [
        text(client.post("/login", data={"login": login, "password": "wrong password"}))
        for login in (user.email, "nobody@example.com")
    ]
    assert all("账号或密码不对" in page for page in said)


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/\n//evil.example"]
)
def test_login_leads_nowhere_outside(client, session: Session, wanted: str) -> None:
    user = make.make_graduate(session).user
    response = client.post(
        "/login", query_string={"next": wanted}, data={"login": user.email, "password": make.PASSWORD}
    )
    assert "evil" not in response.headers["Location"]


def test_a_mailed_link_sets_a_new_password_once(client, session: Session) -> None:
    user = make.make_user(session)
    link = f"/password/reset/{reset_token(user, secret=DEVELOPMENT_SECRET)}"
    assert client.get(link).status_code == 200
    different = client.post(link, data={"password": "另一句话而已吧吧", "again": "不同的一句话"})
    assert "不一样" in text(different)
    assert (
        client.post(link, data={"password": "全新的一句密码话", "again": "全新的一句密码话"}).status_code
        == 302
    )
    assert log_in(session, login=user.email, password="全新的一句密码话", at=make.NOW)
    again = client.post(link, data={"password": "第三句全新的密码", "again": "第三句全新的密码"})
    assert "已失效" in text(again)


def test_a_colleague_joins_by_an_invitation_that_works_once(client, session: Session) -> None:
    owner = make.make_member(session)
    from webapp.clock import now

    _invitation, token = invite_member(session, by=owner, email="colleague@example.com", at=now())
    joined = {"name": "李同事", "password": make.PASSWORD, "again": make.PASSWORD}
    assert client.get(f"/join/{token}").status_code == 200
    assert client.post(f"/join/{token}", data=joined).status_code == 302
    member = session.scalars(select(Member).join(User).where(User.name == "李同事")).one()
    assert (member.employer_id, member.role) == (owner.employer_id, MemberRole.RECRUITER)
    client.post("/logout")
    assert client.get(f"/join/{token}").status_code == 409


def test_an_officer_joins_by_invitation_with_the_scope_it_names(client, session: Session) -> None:
    from webapp.clock import now

    city = make.make_officer(session)
    _invitation, token = invite_officer(
        session, by=city, email="unit@example.com", scope=Scope.UNIT, unit="WH-DHGX", at=now()
    )
    client.post(f"/join/{token}", data={"name": "区里", "password": make.PASSWORD, "again": make.PASSWORD})
    officer = session.scalars(select(Officer).join(User).where(User.name == "区里")).one()
    assert (officer.scope, officer.unit) == (Scope.UNIT, "WH-DHGX")


def test_a_made_up_invitation_opens_nothing(client) -> None:
    assert client.get("/join/made-up").status_code == 409


def test_news_are_listed_escaped_and_can_be_read(visitor, session: Session) -> None:
    user = make.make_graduate(session).user
    notify(
        session,
        user_id=user.id,
        message="%(employer)s 查看了你投递“%(title)s”的简历。",
        at=make.NOW,
        link="/graduate/",
        employer="<b>演示</b>",
        title="100% 远程",
    )
    client = visitor(user)
    page = text(client.get("/notifications"))
    assert "&lt;b&gt;演示&lt;/b&gt;" in page
    assert "100% 远程" in page
    assert client.post("/notifications/read").status_code == 302
    assert "全部标为已读" not in text(client.get("/notifications"))
