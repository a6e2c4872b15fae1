"""Resumes: only what their owner confirmed is kept, once, and without name in what employers read."""

import dataclasses
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_graduate
from webapp.domain.degrees import Degree
from webapp.domain.errors import NotFound
from webapp.models import Graduate, MatchChange, Resume, StoredFile
from webapp.models.matching import OwnerKind
from webapp.models.resume import ResumeSource
from webapp.services.resumes import (
    confirm_resume,
    find_draft,
    from_kept,
    keep_draft,
    read_document,
    read_person,
    skills_in,
)

KEY = Fernet.generate_key()
TEXT = """李晓光
电话：138 0013 8000  邮箱：xiaoguang@example.com
武汉理工大学  计算机科学与技术  本科  2022.09-2026.06
求职意向：数据分析师
项目经历
2024.03-2024.09 校园数据平台
负责用 Python 和 SQL 编写报表，李晓光独立完成接口设计。
"""


def confirm(session: Session, graduate: Graduate, text: str = TEXT, **changes) -> Resume:
    given = {"source": ResumeSource.PASTE, "fields": read_person(text), "at": NOW} | changes
    return confirm_resume(session, graduate=graduate, text=text, **given)


def draft(
    session: Session, graduate: Graduate, source: ResumeSource = ResumeSource.UPLOAD, at=NOW
) -> StoredFile:
    return keep_draft(
        session,
        owner_id=graduate.user_id,
        source=source,
        filename="简历.txt",
        content=TEXT.encode(),
        media_type="text/plain",
        at=at,
        key=KEY,
    )


def test_a_confirmed_resume_is_current_and_the_index_hears_of_it(session):
    graduate = make_graduate(session)
    resume = confirm(session, graduate)
    assert (resume.version, resume.is_current) == (1, True)
    told = select(MatchChange).where(
        MatchChange.owner_kind == OwnerKind.RESUME, MatchChange.owner_id == graduate.id
    )
    assert session.scalar(told)


def test_what_employers_read_has_no_name_and_no_contact(session):
    resume = confirm(session, make_graduate(session, name="李晓光"))
    for secret in ("李晓光", "13800138000", "138 0013 8000", "xiaoguang@example.com"):
        assert secret not in resume.redacted_text
    assert "Python" in resume.redacted_text


def test_skills_are_those_read_and_those_the_text_names(session):
    graduate = make_graduate(session)
    fields = dataclasses.replace(read_person(TEXT), skills=("茶艺",))
    resume = confirm(session, graduate, fields=fields)
    assert resume.skills[0] == "茶艺"
    assert {"Python", "SQL"} <= set(resume.skills)


def test_confirming_the_same_again_makes_no_second_version(session):
    graduate = make_graduate(session)
    assert confirm(session, graduate).id == confirm(session, graduate).id
    assert session.scalar(select(func.count()).select_from(Resume)) == 1


def test_a_new_version_takes_over_from_the_old_one(session):
    graduate = make_graduate(session)
    first = confirm(session, graduate)
    second = confirm(session, graduate, TEXT + "证书：英语六级\n")
    assert (first.is_current, second.is_current, second.version) == (False, True, 2)


def test_a_profile_is_filled_only_where_it_is_empty_and_only_when_asked(session):
    empty = {"institution_code": None, "degree": None, "graduation_on": None, "wanted": []}
    untouched = make_graduate(session, major_name=None, **empty)
    confirm(session, untouched)
    assert untouched.degree is None
    graduate = make_graduate(session, major_name="会计学", **empty)
    confirm(session, graduate, fill_profile=True)
    assert graduate.institution_code == "4142010497"
    assert graduate.degree is Degree.BACHELOR
    assert graduate.wanted == ["数据分析师"]
    assert graduate.major_name == "会计学"


def test_fields_survive_being_kept(session):
    resume = confirm(session, make_graduate(session))
    session.expire_all()
    kept = from_kept(resume.fields)
    assert kept == dataclasses.replace(read_person(TEXT), doubtful=frozenset())


def test_drafts_go_after_a_day_or_once_a_resume_is_confirmed(session):
    graduate = make_graduate(session)
    for at in (NOW - timedelta(days=2), NOW - timedelta(hours=1)):
        draft(session, graduate, at=at)
    file = draft(session, graduate, ResumeSource.PASTE)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 2
    confirm(session, graduate, file=file)
    assert session.scalars(select(StoredFile)).all() == [file]


def test_somebody_elses_draft_does_not_exist(session):
    file = draft(session, make_graduate(session))
    with pytest.raises(NotFound):
        find_draft(session, owner_id=make_graduate(session).user_id, draft_id=file.id)


def test_a_confirmed_file_stays_with_its_version_and_can_be_found_again(session):
    graduate = make_graduate(session)
    file = draft(session, graduate)
    resume = confirm(session, graduate, file=file, source=ResumeSource.UPLOAD)
    assert resume.file_id == file.id
    draft(session, graduate)
    assert find_draft(session, owner_id=graduate.user_id, draft_id=file.id).source is ResumeSource.UPLOAD


def test_skills_are_named_in_their_usual_spelling():
    assert "JavaScript" in list(skills_in("会写 JS"))


@pytest.mark.parametrize(
    ("line", "wishes"),
    [
        ("数据分析师", ["数据分析师"]),
        ("数据分析师、Java 开发", ["数据分析师", "Java 开发"]),
        ("护士，助产士；护士", ["护士", "助产士"]),
    ],
)
def test_each_wish_of_a_resume_is_one_wish(session, line, wishes):
    text = TEXT.replace("求职意向：数据分析师", f"求职意向：{line}")
    assert list(read_document(text).wanted) == wishes
    graduate = make_graduate(session, wanted=[])
    confirm(session, graduate, text, fill_profile=True)
    assert graduate.wanted == wishes
