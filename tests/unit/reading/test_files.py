"""Files as people and attackers upload them: text comes out, or a sentence that says why not."""

import io
import os
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml

from tests.unit.reading import papers
from webapp.reading import errors, files
from webapp.reading.files import read_resume, read_text
from webapp.reading.kinds import MediaType

SENTENCES = ("姓名：王小明 电话 13900000001", "武汉大学 软件工程 本科 2022.09-2026.06", "熟悉 Python 与 SQL")
WORD = papers.word_file(*SENTENCES)
ROOT_DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><w:document>&b;</w:document>'
LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'ha'>%s]><l>&z;</l>" % b"".join(
    b"<!ENTITY %c '&%c;&%c;'>" % (98 + n, 97 + n, 97 + n) for n in range(25)
)
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def one_page() -> bytes:
    return papers.pdf(papers.column(60, 60, SENTENCES))


def picture_only() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "white")), 50, 50, 400, 600)
    canvas.save()
    return buffer.getvalue()


def with_duplicate_entry() -> bytes:
    buffer = io.BytesIO(WORD)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<a/>")
    return buffer.getvalue()


def with_encrypted_entry() -> bytes:
    content = bytearray(WORD)
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 8] |= 1
    return bytes(content)


def many_entries() -> bytes:
    return papers.repacked(WORD, **{f"word___media___{n}": b"x" for n in range(1001)})


HOSTILE: list[tuple[str, Callable[[], bytes], str, type[errors.Unreadable]]] = [
    ("nothing", lambda: b"", "a.pdf", errors.EmptyFile),
    ("only spaces", lambda: b" \n ", "a.txt", errors.EmptyFile),
    ("more than ten megabytes", lambda: b"a" * (10 * 1024 * 1024 + 1), "a.txt", errors.FileTooLarge),
    (
        "a PDF with a password",
        lambda: papers.pdf([(50, 50, "secret")], password="x"),
        "a.pdf",
        errors.Encrypted,
    ),
    ("a PDF cut short", lambda: one_page()[:300], "a.pdf", errors.Damaged),
    ("a scanned PDF", picture_only, "a.pdf", errors.Scanned),
    (
        "a PDF of 21 pages",
        lambda: papers.pdf(*([(50, 50, "page")] for _ in range(21))),
        "a.pdf",
        errors.TooManyPages,
    ),
    ("a PDF without words", lambda: papers.pdf([]), "a.pdf", errors.NoText),
    ("a PDF named docx", one_page, "a.docx", errors.Misnamed),
    ("a Word file named pdf", lambda: WORD, "简历.pdf", errors.Misnamed),
    ("text named pdf", "一些文字".encode, "a.pdf", errors.Misnamed),
    ("old Word", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "a.doc", errors.OldWord),
    (
        "Word with a password",
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
        "a.docx",
        errors.Encrypted,
    ),
    ("rich text", lambda: b"{\\rtf1 hello}", "a.rtf", errors.RichText),
    ("a photo", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "a.png", errors.Picture),
    ("a phone's photo", lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50), "a.heic", errors.Picture),
    ("a web page", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "a.txt", errors.Unsupported),
    ("a drawing with a script", lambda: b"<svg onload='alert(1)'/>", "a.svg", errors.Unsupported),
    ("a program", lambda: b"MZ" + bytes(64) + bytes(range(256)), "a.txt", errors.Unsupported),
    ("another archive", lambda: papers.archive("a.txt"), "a.zip", errors.Unsupported),
    ("macros", lambda: papers.repacked(WORD, word___vbaProject__bin=b"x"), "a.docx", errors.HasMacros),
    ("macros renamed", lambda: papers.macro_typed(WORD), "a.docx", errors.HasMacros),
    ("an entity", lambda: papers.repacked(WORD, word___document__xml=ROOT_DTD), "a.docx", errors.Bomb),
    ("billion laughs", lambda: papers.repacked(WORD, word___document__xml=LAUGHS), "a.docx", errors.Bomb),
    ("a zip bomb", lambda: papers.repacked(WORD, word___x__xml=bytes(20_000_000)), "a.docx", errors.Bomb),
    ("a thousand parts", many_entries, "a.docx", errors.Bomb),
    ("a part twice", with_duplicate_entry, "a.docx", errors.Bomb),
    ("a part with a password", with_encrypted_entry, "a.docx", errors.Encrypted),
    ("a way out of the folder", lambda: papers.archive("word/a", "../../passwd"), "a.docx", errors.Bomb),
    ("Word cut short", lambda: WORD[: len(WORD) // 2], "a.docx", errors.Damaged),
    (
        "Word with broken XML",
        lambda: papers.repacked(WORD, word___document__xml=b"<w:p>"),
        "a.docx",
        errors.Damaged,
    ),
    (
        "Word without its document",
        lambda: papers.repacked(WORD, word___document__xml=None),
        "a.docx",
        errors.Damaged,
    ),
    ("Word without words", lambda: papers.word_file(""), "a.docx", errors.NoText),
    ("text without words", "……。。。".encode, "a.txt", errors.NoText),
    ("more text than a resume has", ("很长的简历" * 20_000).encode, "a.txt", errors.TooMuchText),
]


@pytest.mark.parametrize(
    ("make", "name", "refusal"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    make: Callable[[], bytes], name: str, refusal: type[errors.Unreadable]
) -> None:
    with pytest.raises(refusal) as caught:
        read_resume(make(), name)
    assert type(caught.value) is refusal
    assert "%" not in str(caught.value)
    assert str(caught.value).endswith("。")


def test_every_refusal_says_what_to_do() -> None:
    kinds = [
        one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.Unreadable)
    ]
    assert all("请" in kind.message for kind in kinds)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_is_read_in_any_encoding_people_use(encoding: str) -> None:
    read = read_resume("\r\n".join(SENTENCES).encode(encoding), "简历.TXT")
    assert read.text.split("\n") == list(SENTENCES)
    assert (read.media_type, read.pages) == (MediaType.TEXT, 1)


def test_a_name_without_a_suffix_is_read_by_its_content() -> None:
    assert read_resume(one_page(), "简历").media_type is MediaType.PDF


def test_a_strange_name_is_never_used() -> None:
    assert read_resume(one_page(), "../../a\r\nX: y\u202efdp.pdf").pages == 1


def test_a_pdf_gives_its_lines_and_its_pages() -> None:
    read = read_resume(papers.pdf(papers.column(60, 60, SENTENCES), [(60, 60, "第二页")]), "a.pdf")
    assert read.text.split("\n") == [*SENTENCES, "第二页"]
    assert read.pages == 2


@pytest.mark.parametrize("leading", [17, 18, 21])
def test_two_columns_are_never_interleaved(leading: float) -> None:
    left = ["联系方式", "电话 13900000001", "专业技能", "Python", "SQL", "Excel"]
    right = [
        "教育背景",
        "武汉大学 软件工程",
        "实习经历",
        "某科技公司 实习生",
        "清洗销售资料",
        "项目经历",
        "交易平台",
    ]
    page = [(60, 40, "张三丰"), *papers.column(220, 90, right, leading), *papers.column(40, 90, left)]
    assert read_resume(papers.pdf(page), "a.pdf").text.split("\n") == ["张三丰", *left, *right]


def test_a_label_stays_beside_its_value_and_a_date_beside_its_line() -> None:
    page = [
        *papers.column(60, 60, ["姓名", "学校", "电话"]),
        *papers.column(160, 60, ["李四", "华中科技大学", "13900000002"]),
        (60, 160, "武汉理工大学 材料成型"),
        (450, 160, "2022.09-2026.06"),
    ]
    assert read_resume(papers.pdf(page), "a.pdf").text.split("\n") == [
        "姓名  李四",
        "学校  华中科技大学",
        "电话  13900000002",
        "武汉理工大学 材料成型  2022.09-2026.06",
    ]


def test_a_drawn_table_is_read_cell_by_cell_however_tall_its_cells() -> None:
    rows = [
        ["姓名", "李四", "学历", "本科"],
        ["邮箱", "a@example.com", "求职意向", "光通信器件工艺技术员、激光工艺工程师"],
        [
            "实习经历",
            "2025.06-2025.10 某激光装备企业 实习生<br/>装调光纤激光器光路<br/>记录热透镜漂移",
            "",
            "",
        ],
        ["专业技能", "Zemax、MATLAB", "", ""],
    ]
    page = papers.table_pdf(rows, [70, 150, 70, 120], spans=[(2, 1, 3), (3, 1, 3)])
    assert read_resume(page, "a.pdf").text.split("\n") == [
        "姓名  李四  学历  本科",
        "邮箱  a@example.com  求职意向  光通信器件工艺技术",
        "员、激光工艺工程师",
        "实习经历",
        "2025.06-2025.10 某激光装备企业 实习生",
        "装调光纤激光器光路",
        "记录热透镜漂移",
        "专业技能",
        "Zemax、MATLAB",
    ]


def test_headings_drawn_last_stand_where_they_are_seen() -> None:
    lines = papers.column(
        60, 60, ["教育背景", "武汉大学 软件工程 本科", "实习经历", "某科技公司 数据分析实习生"]
    )
    drawn = [lines[1], lines[3], lines[0], lines[2]]
    assert read_resume(papers.pdf(drawn), "a.pdf").text.split("\n") == [text for _, _, text in lines]


def test_word_gives_headers_tables_and_text_boxes_in_order() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "王小明的简历"
    document.add_paragraph("求职意向：数据分析师")
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ("姓 名", "王小明", "电话", "13900000001"), strict=True):
        cell.text = text
    document.add_paragraph("教育背景")
    inside = "<w:txbxContent><w:p><w:r><w:t>武汉大学 统计学</w:t></w:r></w:p></w:txbxContent>"
    box = (
        f"<w:p {NAMESPACES}><w:r><mc:AlternateContent><mc:Choice>{inside}</mc:Choice>"
        f"<mc:Fallback>{inside}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    document.element.body.insert(3, parse_xml(box))
    read = read_resume(papers.saved(document), "简历.docx")
    assert [line for line in read.text.split("\n") if line] == [
        "王小明的简历",
        "求职意向：数据分析师",
        "姓名  王小明  电话  13900000001",
        "教育背景",
        "武汉大学 统计学",
    ]


def test_a_table_used_for_two_columns_is_read_cell_by_cell() -> None:
    document = docx.Document()
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text = "专业技能\nPython\nSQL"
    cells[1].text = "教育背景\n武汉大学 软件工程 本科"
    assert read_resume(papers.saved(document), "a.docx").text.split("\n") == [
        *("专业技能", "Python", "SQL"),
        *("教育背景", "武汉大学 软件工程 本科"),
    ]


def test_radicals_and_invisible_marks_become_what_people_read() -> None:
    text = "⼯程师 ⻓江⼤学 \u200b⾼级⼯\ufeff程 毕业于二〇二六年的湖北武汉"
    assert read_text(text).startswith("工程师 长江大学 高级工程")


def test_identity_numbers_are_never_kept() -> None:
    text = read_text("身份证号 11010519491231002X，电话 13900000001，毕业于武汉大学软件工程专业")
    assert "11010519491231002X" not in text
    assert "****************2X" in text
    assert "13900000001" in text


def test_a_parser_that_dies_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.sys, "executable", "/bin/false")
    with pytest.raises(errors.Damaged):
        read_resume(one_page(), "a.pdf")


def test_a_parser_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WALL_SECONDS", 0.01)
    with pytest.raises(errors.TookTooLong):
        read_resume(one_page(), "a.pdf")


def test_the_parser_sees_no_secret_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    real = files.subprocess.run
    monkeypatch.setattr(files.subprocess, "run", lambda *a, **k: seen.update(k) or real(*a, **k))
    monkeypatch.setitem(os.environ, "SECRET_KEY", "secret")
    read_resume(one_page(), "a.pdf")
    assert "SECRET_KEY" not in seen["env"]
