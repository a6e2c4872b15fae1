"""What attackers, accidents and double clicks send: a sentence comes back and nothing is stored."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from string import Formatter
from threading import Barrier

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import object_session

from tests import factories, stories
from tests.factories import make_employer, make_graduate, make_member, make_officer, make_posting, make_resume
from tests.unit.reading import papers
from tests.unit.reading.test_files import HOSTILE
from webapp.app import create_app
from webapp.auth.access import STATIC
from webapp.database import session_factory
from webapp.domain.definitions import standard
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Scope
from webapp.models import (
    Application,
    Base,
    Evidence,
    Graduate,
    Offer,
    Posting,
    PostOffer,
    PublishedFigure,
    Reconciliation,
    ReportedFigure,
    Resume,
    StoredFile,
)
from webapp.services.post_ledger import enter_postings
from webapp.services.programme import load_programme
from webapp.settings import Settings

MEGABYTE = 1024 * 1024
SCRIPT = "<script>alert(1)</script>"
EVERYTHING = (
    f'"\'>{SCRIPT}<img src=x onerror=alert(1)>\'; DROP TABLE "user"; -- {{{{7*7}}}} %(x)s %s {{0}} '
    'a\x00b\x1b[31m\u202egpj.exe ../../etc/passwd =HYPERLINK("http://x")'
)
"""Every trick with text at once."""
IN_TURN = ("every trick with text", "a huge number", "the last day of all")
"""Values that each field holds in turn; all fields at once hold each of VALUES."""
FILE = "a file"
"""Stands for the file a form insists on, which a client reads once."""
VALUES = {
    "every trick with text": EVERYTHING,
    "much text": "长" * 60_000,
    "nothing": "",
    "a negative number": "-1",
    "a huge number": "9" * 30,
    "a number beyond floats": "1e400",
    "no number": "NaN",
    "a superscript digit": "²",
    "a day that never was": "2026-02-30",
    "the first day of all": "0001-01-01",
    "the last day of all": "9999-12-31",
    "the last minute of all": "9999-12-31T23:59",
    "the last month of all": "9999-12",
}


def count(session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table))


def shown(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def complaint(response) -> str:
    """Return what the page says is wrong."""
    assert response.status_code in {200, 400, 409, 413}, response.status_code
    return " ".join(
        one.get_text(" ", strip=True) for one in shown(response).select("[role=alert], main h1, main p")
    )


@pytest.fixture
def graduate(session) -> Graduate:
    graduate = make_graduate(session)
    make_resume(session, graduate)
    return graduate


# ---------------------------------------------------------------- files


POLYGLOT = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n" + papers.archive("word/document.xml")
NAMES = {
    "nothing",
    "more than ten megabytes",
    "a PDF with a password",
    "a scanned PDF",
    "a PDF named docx",
    "a web page",
    "macros",
    "an entity",
    "a zip bomb",
    "a way out of the folder",
    "Word cut short",
}
"""What is sent over the web of the many files that tests/unit/reading tries."""
UPLOADS: list[tuple[str, Callable[[], bytes], str, str]] = [
    *(
        (name, make, filename, refusal.message.split("%")[0])
        for name, make, filename, refusal in HOSTILE
        if name in NAMES
    ),
    ("a PDF that is also a page and an archive", lambda: POLYGLOT, "a.pdf", "这个文件已损坏"),
    (
        "a name that climbs folders",
        lambda: b"MZ" + bytes(64) + bytes(range(256)),
        "../../../etc/cron.d/a.exe",
        "暂不支持",
    ),
]


@pytest.mark.parametrize(
    ("make", "filename", "words"), [one[1:] for one in UPLOADS], ids=[one[0] for one in UPLOADS]
)
def test_a_hostile_resume_is_refused_with_a_sentence_and_nothing_is_kept(
    visitor, graduate, make: Callable[[], bytes], filename: str, words: str
):
    session = object_session(graduate)
    data = {"file": (io.BytesIO(make()), filename)}
    response = visitor(graduate.user).post("/graduate/resume", data=data)
    assert response.status_code == 200
    assert words in shown(response).main.get_text()
    assert (count(session, Resume), count(session, StoredFile)) == (1, 0)


def test_more_than_the_server_takes_is_refused_before_it_is_read(session, visitor, graduate):
    data = {"file": (io.BytesIO(b"a" * (12 * MEGABYTE)), "a.txt")}
    response = visitor(graduate.user).post("/graduate/resume", data=data)
    assert response.status_code == 413
    assert "10 MB" in response.text
    assert count(session, StoredFile) == 0


def test_a_form_of_ten_thousand_fields_is_refused(visitor, graduate):
    many = {f"field{number}": "x" for number in range(10_000)}
    response = visitor(graduate.user).post("/graduate/profile", data=many, content_type="multipart/form-data")
    assert response.status_code == 413


def test_a_name_full_of_tricks_is_kept_as_harmless_text(session, visitor, graduate):
    tricky = '..\\..//简历\u202efdp\x07"<script>\r\nSet-Cookie: a=b.txt'
    text = "姓名：王小明\n武汉大学 软件工程 本科 2022.09-2026.06\n熟悉 Python 与 SQL".encode()
    client = visitor(graduate.user)
    response = client.post("/graduate/resume", data={"file": (io.BytesIO(text), tricky)})
    assert response.status_code == 302, complaint(response)
    kept = session.scalar(select(StoredFile))
    assert kept.filename.isprintable()
    assert not set(kept.filename) & set("/\\\u202e\r\n\x07")
    assert client.get(response.location).status_code == 200


@pytest.mark.parametrize(
    ("content", "filename"),
    [(b"", "a.pdf"), (b"MZ\x90\x00", "a.pdf"), (b"<svg onload='x'/>", "a.svg"), (b"PK\x03\x04", "a.docx")],
    ids=["nothing", "a program named PDF", "a drawing with a script", "an archive"],
)
def test_evidence_and_licences_that_are_no_papers_are_refused(
    session, visitor, content: bytes, filename: str
):
    story = stories.begin(session).tell_until(Stage.ONBOARDED)
    upload = {"type": "labour_contract"}
    for person, path, name in (
        (story.graduate_user, f"/graduate/placements/{story.placement.id}", "file"),
        (story.employer_user, f"/employer/placements/{story.placement.id}", "file"),
        (story.employer_user, "/employer/organisation/licence", "licence"),
    ):
        data = upload | {name: (io.BytesIO(content), filename)}
        assert "请" in complaint(visitor(person).post(path, data=data))
    assert (count(session, StoredFile), count(session, Evidence)) == (0, 0)


def test_a_paper_with_a_page_inside_is_shown_where_it_can_do_nothing(session, visitor):
    story = stories.begin(session).tell_until(Stage.ONBOARDED)
    page = f"/graduate/placements/{story.placement.id}"
    data = {"type": "labour_contract", "file": (io.BytesIO(POLYGLOT), "a.html")}
    assert visitor(story.graduate_user).post(page, data=data).status_code == 302
    evidence = session.scalar(select(Evidence))
    officer = visitor(make_officer(session).user)
    response = officer.get(f"/officer/placements/{story.placement.id}/evidence/{evidence.id}")
    assert response.mimetype == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")


# ---------------------------------------------------------------- every field of every form


PAGES: Mapping[str, tuple[str, ...]] = {
    "nobody": ("/login", "/register", "/register/employer", "/password/forgot"),
    "graduate": (
        "/graduate/profile",
        "/graduate/privacy",
        "/graduate/resume",
        "/graduate/resume/form",
        "/graduate/postings/{posting}",
        "/graduate/postings/{posting}/report",
        "/graduate/placements/new",
        "/graduate/placements/{placement}",
        "/graduate/placements/{placement}/amend",
        "/graduate/applications/{application}/leave",
        "/graduate/applications/{offered}/accept",
        "/graduate/applications/{offered}/decline",
        "/graduate/applications/{offered}/withdraw",
        "/graduate/applications/{agreed}/sign",
        "/graduate/applications/{signed}/onboard",
        "/graduate/applications/{signed}/dissolve",
        "/graduate/applications/{signed}/breach",
    ),
    "employer": (
        "/employer/organisation",
        "/employer/members/invite",
        "/employer/postings/new",
        "/employer/postings/{posting}/edit",
        "/employer/placements/{placement}",
        "/employer/applications/{viewed}/screen-in",
        "/employer/applications/{viewed}/reject",
        "/employer/applications/{screened}/assessment",
        "/employer/applications/{screened}/interview",
        "/employer/applications/{interviewed}/offer",
        "/employer/applications/{signed}/onboard",
        "/employer/applications/{signed}/breach",
        "/employer/applications/{application}/leave",
    ),
    "officer": (
        "/officer/employers/{employer}",
        "/officer/postings/{posting}",
        "/officer/placements/{placement}",
        "/officer/placements/{placement}/reversal",
        "/officer/placements/{placement}/move",
        "/officer/graduates/{graduate}/same-person",
        "/officer/graduates/{graduate}",
        "/officer/officers",
        "/officer/bases/new",
        "/officer/stations/new",
        "/officer/targets/P15/retained/city/0",
        "/officer/indicators/P15/retained/new",
        "/officer/posts/{post}",
        "/officer/reports",
        "/officer/published/new",
        "/officer/published/new?corrects={figure}",
        "/officer/reconciliations/{reconciliation}",
    ),
    "station": ("/officer/graduates/{graduate}/claim",),
}
"""Every page with fields to fill in; test_no_form_is_forgotten finds those that are missing."""


@pytest.fixture
def scene(session) -> Mapping[str, object]:
    """People with something to fill in, and the numbers that their pages need."""
    employer = make_employer(session)
    owner = make_member(session, employer).user
    stages = {
        "viewed": Stage.VIEWED,
        "screened": Stage.SCREENED_IN,
        "interviewed": Stage.INTERVIEWED,
    }
    numbers = {}
    for name, stage in stages.items():
        other = stories.begin(session, posting=make_posting(session, employer)).tell_until(stage)
        numbers[name] = other.application.id
    user = factories.make_user(session)
    person = make_graduate(session, user=user, person_key="card")
    twin = factories.make_user(session, name=person.name)
    make_graduate(session, user=twin, person_key="passport")
    make_resume(session, person)
    application = stories.begin(session, graduate=person, posting=make_posting(session, employer))
    application.tell_until(Stage.ONBOARDED)
    for name, stage in {
        "offered": Stage.OFFER_MADE,
        "agreed": Stage.AGREEMENT_PENDING,
        "signed": Stage.AGREEMENT_SIGNED,
    }.items():
        numbers[name] = factories.make_application(
            session, person, make_posting(session, employer), stage=stage
        ).id
    load_programme(session, at=factories.NOW)
    one, two = make_officer(session).user, make_officer(session).user
    figure = PublishedFigure(
        period_id="P15",
        definition_id=standard().id,
        definition_digest=standard().digest,
        ruleset_id="RS-2026.1",
        as_of_on=factories.TODAY,
        seq=1,
        hash="f",
        query_digest="q",
        value=1,
        by_grade={},
        hidden=[],
        published_by_id=one.id,
        confirmed_by_id=two.id,
        published_at=factories.NOW,
    )
    reconciliation = Reconciliation(
        figure_id=session.scalars(select(ReportedFigure.id)).first(),
        unit="city",
        reported=1,
        platform=2,
        opened_at=factories.NOW,
        due_on=factories.TODAY,
    )
    session.add_all([figure, reconciliation])
    session.flush()
    enter_postings(session, [make_posting(session, employer).id for _ in range(2)], at=factories.NOW)
    return numbers | {
        "people": {
            "nobody": None,
            "graduate": user,
            "employer": owner,
            "officer": one,
            "station": make_officer(session, Scope.STATION, institution_code=person.institution_code).user,
        },
        "figure": figure.id,
        "reconciliation": reconciliation.id,
        "post": session.scalar(select(PostOffer.post_id)),
        "posting": make_posting(session, employer).id,
        "placement": application.placement.id,
        "application": application.application.id,
        "employer": employer.id,
        "graduate": person.id,
    }


def forms_on(page: BeautifulSoup) -> Iterator[tuple[Tag, dict[str, str]]]:
    """Yield the forms that change something, with what a browser would send of each."""
    for form in page.main.select("form[method=post]"):
        sent: dict[str, str] = {}
        for one in form.select("input[name], select[name], textarea[name], button[name]"):
            name, kind = str(one["name"]), one.get("type")
            if one.name == "select":
                option = one.select_one("option[selected]") or one.option
                sent[name] = str(option["value"]) if option else ""
            elif kind in {"radio", "checkbox"} or one.name == "button":
                sent.setdefault(name, str(one.get("value", "y")))
            elif kind == "file":
                sent |= {name: FILE} if one.has_attr("required") else {}
            else:
                needed = str(factories.TODAY) if kind == "date" and one.has_attr("required") else ""
                sent[name] = str(one.get("value") or one.string or needed).strip("\n")
        yield form, sent


@pytest.mark.parametrize("role", PAGES)
def test_no_field_of_any_form_can_be_made_to_fail(connection, session, visitor, scene, role: str):
    """Each field in turn holds each hostile value, and all of them do at once."""
    client = visitor(scene["people"][role]) if scene["people"][role] else visitor()
    failed = []
    for page in PAGES[role]:
        path = page.format(**scene)
        opened = client.get(path)
        assert opened.status_code in {200, 302}, (path, opened.status_code)
        for form, usual in forms_on(shown(opened)):
            papers = [name for name, value in usual.items() if value == FILE]
            fields = [name for name in usual if name not in {"csrf_token", "key", "verdict", "wish", *papers}]
            tries = [(field, {field: VALUES[name]}, name) for field in fields for name in IN_TURN]
            tries += [("all", dict.fromkeys(fields, value), name) for name, value in VALUES.items()]
            for field, changed, name in tries:
                session.commit()
                undone = connection.begin_nested()
                files = {name: (io.BytesIO(POLYGLOT), "a.pdf") for name in papers}
                answer = client.post(form.get("action") or path, data=usual | changed | files)
                if answer.status_code >= 500:
                    failed.append((path, form.get("action"), field, name, answer.status_code))
                if answer.status_code == 302 and answer.location.startswith("/"):
                    answer = client.get(answer.location)
                if SCRIPT in answer.text:
                    failed.append((path, form.get("action"), field, name, "not escaped"))
                session.commit()
                undone.rollback()
                session.expire_all()
    assert failed == []


def test_no_form_is_forgotten(app: Flask):
    """Every route that takes a form is tried above, unless it asks nothing."""
    asks_nothing = {
        "auth.join",  # needs a letter's token: tests/integration/web/test_auth_pages.py
        "auth.logout",
        "auth.read_all",
        "auth.reset",  # the same
        "employers.follow_up",  # this and the next four: tests/integration/web/test_followup_pages.py
        "graduates.follow_up",
        "officers.follow_up",
        "officers.audit_item",
        "officers.new_audit",
        "employers.candidate",  # one optional text, tried in test_employer_pages
        "employers.posting_close",
        "employers.posting_deed",
        "employers.submit_organisation",
        "employers.upload_licence",
        "graduates.accept_own_invitation",  # the same consent and note as the posting's form
        "graduates.confirm_own_interview",
        "graduates.decline_own_invitation",
        "graduates.digest",  # buttons: tests/integration/web/test_digest_pages.py
        "graduates.erase_account",
        "graduates.letters",  # the same
        "graduates.personalised",
        "graduates.report_own_interview",
        "graduates.resume_review",  # the form of resume/form
        "graduates.save",
        "graduates.searchable",
        "graduates.withdraw_own_consent",
        "officers.close_month",
        "officers.correction",
        "officers.deactivate",
        "officers.end_base",
        "officers.figure",
        "officers.import_run",
        "officers.post_question",
        "officers.publication",  # two buttons: tests/integration/web/test_published_pages.py
        "officers.published_figure",  # one button: the same
        "officers.release_report",  # one button: tests/integration/web/test_report_pages.py
        "officers.new_import",  # a file and its kind: tests/integration/web/test_officer_imports.py
        "officers.verify_ledger",
        "pages.language",
    }
    adapter = app.url_map.bind("localhost")
    numbers = dict.fromkeys(
        {name for path in sum(PAGES.values(), ()) for _, name, *_ in Formatter().parse(path) if name}, 1
    )
    tried = {
        adapter.match(page.partition("?")[0].format(**numbers), "GET")[0]
        for pages in PAGES.values()
        for page in pages
    }
    takes = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert takes - tried == asks_nothing


ASKED = (
    "q kind district degree pay cluster since until page status period unit definition by public action who "
    "next saved of_unit of_month of_posted of_institution of_degree of_cluster of_grade "
    "after before institution months verify onboard complete lift school keep stay reason"
)
"""What addresses are asked."""
LONG = 300
"""Characters of each; all of them together are already more than a server takes."""


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_no_filter_in_an_address_can_be_made_to_fail(app: Flask, session, visitor, scene, value: str):
    asked = dict.fromkeys(ASKED.split(), value[:LONG])
    app.extensions["platform"].matching.refresh(session)
    failed = []
    for role in ("nobody", "graduate", "employer", "officer"):
        person = scene["people"][role]
        client = visitor(person) if person else visitor()
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            mine = rule.endpoint not in STATIC and (view.audience or {None}) == {person and person.role}
            if mine and "GET" in rule.methods and not rule.arguments:
                answer = client.get(rule.rule, query_string=asked)
                if answer.status_code >= 500 or SCRIPT in answer.text:
                    failed.append((role, rule.rule, answer.status_code))
    assert failed == []


REFUSED = [
    ("headcount", "-1", "5,000"),
    ("headcount", "9" * 30, "5,000"),
    ("pay_min", "面议", "不是有效的整数"),
    ("pay_min", "-8000", "1,000,000"),
    ("months", "99", "12 到 24"),
    ("valid_until_on", "2026-02-30", "不是有效的日期"),
    ("start_on", "9999-12-31", "2100 年"),
    ("title", "长" * 5000, "60 个字"),
    ("kind", "'; DROP TABLE posting; --", "不是有效的选择"),
]


@pytest.mark.parametrize(
    ("field", "value", "words"), REFUSED, ids=[f"{one[0]}={one[1][:12]}" for one in REFUSED]
)
def test_impossible_values_are_refused_beside_the_field_and_stay_there(
    session, visitor, field: str, value: str, words: str
):
    member = make_member(session)
    sent = {"kind": "job", "title": "会计", "duties": "负责记账。", "wish": "save"} | {field: value}
    response = visitor(member.user).post("/employer/postings/new", data=sent)
    page = shown(response)
    assert response.status_code == 200
    assert words in page.select_one(f"#{field}-error").get_text()
    assert "负责记账。" in page.select_one("#duties").get_text()
    if page.select_one(f"#{field}").name == "input":
        assert page.select_one(f"#{field}")["value"] == value
    assert count(session, Posting) == 0


def test_digits_of_other_scripts_are_numbers_too(session, visitor):
    member = make_member(session)
    sent = {"kind": "job", "title": "会计", "headcount": "３", "pay_min": "８０００", "wish": "save"}
    assert visitor(member.user).post("/employer/postings/new", data=sent).status_code == 302
    assert session.scalar(select(Posting.headcount)) == 3


# ---------------------------------------------------------------- requests


def test_the_same_click_twice_applies_once(session, visitor, graduate):
    posting = make_posting(session, valid_until_on=None)
    client, sent = visitor(graduate.user), {"consent": "y", "key": "one-click"}
    first, second = (client.post(f"/graduate/postings/{posting.id}", data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    again = client.post(f"/graduate/postings/{posting.id}", data={"consent": "y", "key": "another"})
    assert "已" in complaint(again)
    assert count(session, Application) == 1


def test_an_offer_sent_twice_is_made_once_and_accepted_once(session, visitor):
    story = stories.begin(session).tell_until(Stage.INTERVIEWED)
    path = f"/employer/applications/{story.application.id}/offer"
    employer = visitor(story.employer_user)
    [(_form, usual)] = forms_on(shown(employer.get(path)))
    sent = usual | {"start_on": "2030-01-10", "deadline_on": "2030-01-05", "contract_months": "36"}
    answers = [employer.post(path, data=sent) for _ in range(2)]
    assert answers[0].status_code == 302, complaint(answers[0])
    assert "录用" in complaint(answers[1])
    assert count(session, Offer) == 1
    graduate = visitor(story.graduate_user)
    path = f"/graduate/applications/{story.application.id}/accept"
    answers = [graduate.post(path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "接受" in complaint(answers[1])
    assert session.get(Posting, story.posting.id).filled == 1


@pytest.mark.parametrize("path", ["/graduate/postings/{posting}", "/graduate/privacy/searchable", "/logout"])
def test_a_form_sent_from_another_site_changes_nothing(app, session, visitor, graduate, path: str):
    app.config["WTF_CSRF_ENABLED"] = True
    posting = make_posting(session, valid_until_on=None)
    graduate.searchable = False
    response = visitor(graduate.user).post(path.format(posting=posting.id), data={"consent": "y", "on": "1"})
    assert response.status_code == 400
    assert "表单已过期" in response.text
    assert count(session, Application) == 0
    assert not session.get(Graduate, graduate.id).searchable


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
    ],
)
def test_no_address_leads_elsewhere(visitor, graduate, elsewhere: str):
    client, user = visitor(), graduate.user
    sent = {"login": user.email, "password": factories.PASSWORD}
    led = [
        client.post("/login", query_string={"next": elsewhere}, data=sent),
        visitor(user).post("/language", data={"language": "en", "next": elsewhere}),
        visitor(user).post("/graduate/postings/1/save", data={"on": "0", "next": elsewhere}),
        visitor(user).post("/graduate/privacy/letters", data={"frequency": "off", "next": elsewhere}),
    ]
    for response in led:
        assert response.status_code == 302
        assert response.location.startswith("/")
        assert "evil" not in response.location
        assert "alert" not in response.location


@pytest.mark.parametrize(
    "path",
    [
        "/graduate/applications/../../officer",
        "/graduate/applications/..%2f..%2fetc%2fpasswd",
        "/graduate/applications/-1",
        "/graduate/applications/0",
        "/graduate/applications/99999999999999999999",
        "/graduate/applications/1.5",
        "/graduate/applications/１",
        "/graduate/applications/1%00",
        "/graduate/applications/1'%20OR%20'1'='1",
        "/graduate/resume/2147483648/file",
        "/postings/9223372036854775808",
        "/static/../settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/officer/queue/..%2f..%2f/next",
    ],
)
def test_an_address_that_names_nothing_is_not_found(visitor, graduate, path: str):
    response = visitor(graduate.user).get(path)
    assert response.status_code in {403, 404}
    assert "Traceback" not in response.text
    assert shown(response).h1


@pytest.mark.parametrize(
    "body", ['["a"]', "[1, 2]", '{"name": {"a": 1}}', '{"name": ["x", 1]}', "null", "7", "{", '"text"']
)
def test_json_where_a_form_is_expected_is_no_form(session, visitor, graduate, body: str):
    client, name = visitor(graduate.user), graduate.name
    for path in ("/graduate/profile", "/graduate/privacy", "/graduate/resume", "/login", "/register"):
        response = client.post(path, data=body, content_type="application/json")
        assert response.status_code in {200, 302, 400, 415}, (path, response.status_code)
    assert session.get(Graduate, graduate.id).name == name


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"name=%ff%fe%ed%a0%80", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "text/plain; charset=utf-7"),
    ],
    ids=["cut short", "without its boundary", "not UTF-8", "another charset"],
)
def test_a_body_that_is_no_form_changes_nothing(session, visitor, graduate, body: bytes, kind: str):
    name = graduate.name
    response = visitor(graduate.user).post("/graduate/profile", data=body, content_type=kind)
    assert response.status_code in {200, 302, 400}
    kept = session.get(Graduate, graduate.id).name
    assert kept == name if response.status_code != 302 else kept.encode()


@pytest.mark.parametrize("path", ["/catalogue/institutions", "/catalogue/majors"])
@pytest.mark.parametrize(
    "query",
    [
        "q[]=a&q[x]=b",
        "q=a&q=b&q=c",
        "q=%00%ff",
        f"q={'长' * 2000}",
        "q=%25_&degree[]=x",
        "q=.*(&degree=9e9",
        "q={}&degree=null",
    ],
)
def test_the_catalogue_answers_a_list_whatever_it_is_asked(client, path: str, query: str):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    assert isinstance(response.json["items"], list)
    assert client.post(path, json={"q": 1}).status_code in {400, 405}


def test_a_name_that_is_a_formula_stays_text_in_every_export(session, visitor):
    employer = make_employer(session, name='=HYPERLINK("http://evil.example","点我")')
    make_posting(session, employer, title="@SUM(A1:A9)")
    client = visitor(make_officer(session).user)
    for page, wanted in (("employers", "=HYPERLINK"), ("postings", "@SUM")):
        rows = csv.reader(io.StringIO(client.get(f"/officer/{page}?format=csv").text.removeprefix("\ufeff")))
        assert any(cell.startswith(f"'{wanted}") for row in rows for cell in row)
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/officer/{page}?format=xlsx").data))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        assert any(str(cell.value).startswith(f"'{wanted}") for cell in cells)


# ---------------------------------------------------------------- at the same moment


def at_once(app: Flask, deeds: list[tuple[int, str, dict[str, str]]]) -> list[int]:
    """Let every person send their form at the same moment; return the answers' statuses."""
    start = Barrier(len(deeds))

    def send(deed: tuple[int, str, dict[str, str]]) -> int:
        user_id, path, sent = deed
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = f"{user_id}.1", True
        start.wait()
        return client.post(path, data=sent).status_code

    with ThreadPoolExecutor(len(deeds)) as crowd:
        return sorted(crowd.map(send, deeds))


@pytest.fixture
def own_app(own_database: Engine, tmp_path: Path) -> Flask:
    """The platform on a PostgreSQL of its own, where commits are real."""
    url = own_database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, rate_limits=False, snapshots=tmp_path))
    app.config.update(WTF_CSRF_ENABLED=False)
    yield app
    app.extensions["platform"].engine.dispose()


def test_two_graduates_take_the_last_place_at_once_and_one_gets_it(own_database, own_app):
    with session_factory(own_database).begin() as session:
        posting = make_posting(session, headcount=1)
        told = [stories.begin(session, posting=posting).tell_until(Stage.OFFER_MADE) for _ in range(2)]
        session.execute(Offer.__table__.update().values(deadline_on=date(2030, 1, 1)))
        deeds = [
            (one.graduate_user.id, f"/graduate/applications/{one.application.id}/accept", {}) for one in told
        ]
    assert at_once(own_app, deeds) == [200, 302]
    with session_factory(own_database)() as session:
        assert session.scalar(select(Posting.filled)) == 1
        accepted = select(func.count()).where(Application.stage == Stage.ACCEPTED)
        assert session.scalar(accepted) == 1


def test_one_application_is_offered_twice_at_once_and_one_offer_stands(own_database, own_app):
    with session_factory(own_database).begin() as session:
        story = stories.begin(session).tell_until(Stage.INTERVIEWED)
        other = make_member(session, story.posting.employer)
        sent = {
            "pay": "8000",
            "months": "12",
            "district": "WH-DHGX",
            "address": "光谷大道 1 号",
            "start_on": "2030-01-10",
            "deadline_on": "2030-01-05",
            "contract_type": "fixed",
            "contract_months": "36",
            "probation_months": "0",
        }
        path = f"/employer/applications/{story.application.id}/offer"
        deeds = [(one, path, sent) for one in (story.employer_user.id, other.user_id)]
    assert at_once(own_app, deeds) in ([200, 302], [302, 302])
    with session_factory(own_database)() as session:
        assert count(session, Offer) == 1
        assert session.scalar(select(Application.stage)) is Stage.OFFER_MADE
