"""English is one click away and complete: what stays Chinese is names and what people wrote."""

import dataclasses

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests import factories
from tests.browser.person import Person
from webapp.clock import now
from webapp.database import session_factory
from webapp.domain.employers import EmployerStatus
from webapp.domain.roles import Role
from webapp.services.programme import load_programme
from webapp.settings import Settings

PAGES = {
    None: ("/", "/login", "/register", "/register/employer", "/password/forgot", "/postings", "/definition"),
    Role.GRADUATE: (
        "/graduate/",
        "/graduate/matches",
        "/graduate/applications",
        "/graduate/resume",
        "/graduate/resume/form",
        "/graduate/profile",
        "/graduate/privacy",
        "/graduate/access-log",
        "/graduate/placements/new",
        "/notifications",
    ),
    Role.EMPLOYER: (
        "/employer/",
        "/employer/postings",
        "/employer/postings/new",
        "/employer/candidates",
        "/employer/organisation",
    ),
    Role.OFFICER: (
        "/officer/",
        "/officer/queue",
        "/officer/employers",
        "/officer/placements",
        "/officer/bases/new",
        "/officer/officers",
        "/officer/ledger",
    ),
}
# The programme's own name stays, and so do examples of what to type in Chinese.
KEPT = "学子留汉|光谷 数据分析 实习 能转正|武汉理工大学"
CHINESE = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.replace(/%s/g, "").trim();
    const meant = walk.currentNode.parentElement.closest("[lang^=zh], script");
    if (/[\\u3400-\\u9fff]/.test(text) && !meant) found.push(text);
  }
  return found;
}""".replace("%s", KEPT)
ROWS = """() => {
  const middle = ({top, bottom}) => Math.round((top + bottom) / 2);
  const parts = [...document.querySelectorAll(".site-header .frame > *, .site-nav > ul > li")];
  return new Set(parts.map(part => middle(part.getBoundingClientRect()))).size;
}"""


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """The same platform, run by somebody whose name is not Chinese."""
    return dataclasses.replace(settings, operator_name="Wuhan Employment Service (demo)")


@pytest.fixture(scope="module")
def logins(database: Engine) -> dict[Role, str]:
    """People whose names are not Chinese, so that every Chinese word is the platform's."""
    with session_factory(database).begin() as session:
        load_programme(session, at=now())
        employer = factories.make_employer(
            session, approved=False, status=EmployerStatus.DRAFT, name="Demo Ltd", address="1 Guanggu Avenue"
        )
        users = {
            Role.GRADUATE: factories.make_graduate(
                session,
                user=factories.make_user(session, name="Li Lei"),
                wanted=[],
                major_name=None,
                institution_code=None,
            ).user,
            Role.EMPLOYER: factories.make_member(session, employer).user,
            Role.OFFICER: factories.make_officer(session).user,
        }
        for user in users.values():
            user.name = "Li Lei"
        return {role: user.email for role, user in users.items()}


@pytest.mark.parametrize("role", PAGES)
def test_the_main_pages_are_all_english_after_one_click(open_page, logins, role: Role | None):
    person = Person(open_page())
    if role:
        person.log_in(logins[role], factories.PASSWORD)
    else:
        person.go("/")
    person.page.get_by_role("button", name="English").click()
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    assert person.page.evaluate(ROWS) == 1, "the header stands in one row"
    left = []
    for path in PAGES[role]:
        person.go(path)
        left += [f"{path}: {text}" for text in person.page.evaluate(CHINESE)]
    assert left == [], chr(10).join(left)
    person.page.get_by_role("button", name="中文").click()
    expect(person.page.locator("html")).to_have_attribute("lang", "zh-Hans")
