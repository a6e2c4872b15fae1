"""Handing in a resume on the web: read, checked, kept once, or refused with what to do."""

import io
import re
import zipfile

import pytest
from sqlalchemy import func, select

from tests.factories import make_graduate, make_posting, make_resume
from webapp.models import Graduate, Resume, StoredFile

TEXT = """李晓光
电话：13800138000
武汉理工大学  计算机科学与技术  本科  2022.09-2026.06
求职意向：数据分析师
项目经历
2024.03-2024.09 校园数据平台
负责用 Python 和 SQL 编写报表，完成接口设计。
"""
NASTY = "<script>alert(1)</script>' OR 1=1 --"


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def paste(client, text: str = TEXT) -> str:
    """Paste a resume and return the address of the page where it is checked."""
    response = client.post("/graduate/resume", data={"text": text})
    assert response.status_code == 302, response.text
    return response.location


def confirmed(page: str, **changes: str) -> dict[str, str]:
    """Return what the review form would send if nothing or only ``changes`` were typed."""
    names = ("name", "mobile", "institution", "major", "graduation_on", "wanted")
    found = {name: re.search(rf'id="{name}"[^>]*value="([^"]*)"', page) for name in names}
    sent = {name: match[1] for name, match in found.items() if match}
    return sent | {"text": TEXT, "degree": "bachelor", "skills": "Python、SQL", "fill_profile": "y"} | changes


@pytest.fixture
def graduate(session) -> Graduate:
    return make_graduate(
        session, institution_code=None, degree=None, graduation_on=None, major_name=None, wanted=[]
    )


@pytest.fixture
def client(visitor, graduate):
    return visitor(graduate.user)


def test_a_pasted_resume_is_shown_for_checking_and_nothing_is_kept_yet(client, session):
    page = client.get(paste(client)).text
    assert "武汉理工大学" in page
    assert "校园数据平台" in page
    assert count(session, Resume) == 0


def test_a_checked_resume_is_kept_fills_the_profile_and_leads_to_matches(client, session, graduate):
    make_posting(session, valid_until_on=None)
    address = paste(client)
    answer = client.post(address, data=confirmed(client.get(address).text))
    assert answer.location.endswith("/graduate/matches")
    resume = session.scalar(select(Resume))
    assert resume.fields["major"] == "计算机科学与技术"
    assert graduate.institution_code == "4142010497"
    page = client.get(answer.location).text
    assert "Python 开发工程师" in page
    assert "项要求" in page
    session.expire_all()
    assert graduate.matched_at is not None


def test_what_was_corrected_is_what_is_kept(client, session):
    address = paste(client)
    sent = confirmed(
        client.get(address).text, major="数据科学与大数据技术", projects="甲项目（2024.03-2024.09）\n做了事"
    )
    client.post(address, data=sent)
    fields = session.scalar(select(Resume)).fields
    assert fields["major"] == "数据科学与大数据技术"
    assert fields["projects"] == [{"heading": "甲项目", "period": "2024.03-2024.09", "text": "做了事"}]


def test_confirming_twice_keeps_one_version(client, session):
    address = paste(client)
    sent = confirmed(client.get(address).text)
    for _click in range(2):
        assert client.post(address, data=sent).status_code == 302
    assert count(session, Resume) == 1


def test_a_refused_correction_loses_nothing(client, session):
    address = paste(client)
    sent = confirmed(client.get(address).text, graduation_on="明年", wanted="写代码", skills="茶艺")
    page = client.post(address, data=sent).text
    assert "请按“年-月”填写" in page
    for typed in ("明年", "写代码", "茶艺", "校园数据平台"):
        assert typed in page
    assert count(session, Resume) == 0


def test_an_uploaded_file_can_be_downloaded_by_its_owner_alone(client, session, visitor):
    upload = (io.BytesIO(TEXT.encode("gbk")), "我的简历.txt")
    address = client.post("/graduate/resume", data={"file": upload}).location
    client.post(address, data=confirmed(client.get(address).text))
    resume = session.scalar(select(Resume))
    own = client.get(f"/graduate/resume/{resume.id}/file")
    assert own.data == TEXT.encode("gbk")
    assert own.headers["Content-Disposition"].startswith("attachment")
    stranger = visitor(make_graduate(session).user)
    assert stranger.get(f"/graduate/resume/{resume.id}/file").status_code == 404
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"text": TEXT}).status_code == 404


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 200_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.pdf", b""),
        ("坏.pdf", b"%PDF-1.7 broken"),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + b"0" * 200),
        ("改名.pdf", b"PK\x03\x04 not a pdf"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600),
        ("乱码.txt", bytes(range(128, 256)) * 8),
        ("太短.txt", "你好".encode()),
        ("炸弹.docx", bomb()),
    ],
)
def test_an_unreadable_file_is_refused_with_a_remedy_and_keeps_nothing(client, session, name, content):
    answer = client.post("/graduate/resume", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 200
    assert re.search("粘贴|重新|另存|上传", answer.text)
    assert 'class="invalid-feedback"' in answer.text
    assert count(session, Resume) == count(session, StoredFile) == 0


def test_a_file_that_is_too_large_is_refused_in_words(client, session):
    answer = client.post("/graduate/resume", data={"file": (io.BytesIO(b"a" * 12_000_000), "大.txt")})
    assert answer.status_code == 413
    assert "10 MB" in answer.text


def test_neither_and_both_are_refused_and_the_text_stays(client):
    assert "请选择一个文件" in client.post("/graduate/resume", data={}).text
    both = {"file": (io.BytesIO(TEXT.encode()), "a.txt"), "text": TEXT}
    page = client.post("/graduate/resume", data=both).text
    assert "只能用一种" in page
    assert "校园数据平台" in page


def test_a_resume_can_be_written_field_by_field(client, session):
    sent = {
        "name": "李晓光",
        "skills": "Python、数据分析",
        "experiences": "某公司 实习\n用 Python 清洗订单并制作日报表",
    }
    assert client.post("/graduate/resume/form", data=sent).status_code == 302
    resume = session.scalar(select(Resume))
    assert resume.source == "form"
    assert "用 Python 清洗订单" in resume.text
    assert "数据分析" in resume.skills


def test_a_resume_with_next_to_nothing_is_refused(client, session):
    page = client.post("/graduate/resume/form", data={"name": "李"}).text
    assert "几乎没有文字" in page
    assert count(session, Resume) == 0


def test_markup_and_sql_in_every_field_stay_text(client, session):
    sent = dict.fromkeys(("name", "mobile", "email", "major", "wanted", "skills", "certificates"), NASTY)
    sent |= {
        "experiences": f"{NASTY}\n{NASTY}",
        "projects": NASTY,
        "institution": NASTY,
        "text": TEXT + NASTY,
    }
    assert client.post("/graduate/resume/form", data=sent).status_code == 302
    for address in ("/graduate/resume", "/graduate/resume/form", "/graduate/", "/graduate/matches"):
        page = client.get(address).text
        assert "<script>alert" not in page, address


def test_identity_numbers_are_masked_before_anything_is_kept(client, session):
    number = "420106199901011237"
    address = paste(client, TEXT + number)
    assert number not in client.get(address).text
    client.post(address, data=confirmed("", text=TEXT + number))
    assert number not in session.scalar(select(Resume)).text


def test_versions_are_listed(client, session, graduate):
    make_resume(session, graduate, is_current=False)
    make_resume(session, graduate, version=2)
    page = client.get("/graduate/resume").text
    assert "第 1 版" in page
    assert "正在使用" in page
