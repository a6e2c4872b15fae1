"""Every sentence has its English, and the compiled catalogue is the one in the tree."""

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from scripts.translate import FOLDER, extract
from webapp.settings import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKED = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def english() -> Catalog:
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def test_every_marked_sentence_has_english(tmp_path: Path):
    extract(tmp_path / "all.pot")
    with (tmp_path / "all.pot").open("rb") as file:
        marked = read_po(file)
    known = english()
    lacking = [m.id for m in marked if m.id and not (known.get(m.id) and known.get(m.id).string)]
    assert lacking == []


def test_english_keeps_every_fact_of_the_sentence():
    facts = re.compile(r"%\((\w+)\)")
    broken = [m.id for m in english() if m.id and set(facts.findall(m.id)) != set(facts.findall(m.string))]
    assert broken == []


def test_english_is_not_chinese():
    allowed = {"学子留汉", "中文", "English"}
    guilty = [
        m.string for m in english() if m.id and CHINESE.search(re.sub("学子留汉|中文|启航计划", "", m.string))
    ]
    assert [text for text in guilty if text not in allowed] == []


def test_the_compiled_catalogue_is_up_to_date():
    folder = FOLDER / "en" / "LC_MESSAGES"
    compiled = read_mo(io.BytesIO((folder / "messages.mo").read_bytes()))
    assert {m.id: m.string for m in compiled if m.id} == {m.id: m.string for m in english() if m.id}


def test_templates_hold_no_unmarked_chinese():
    guilty = []
    for path in sorted((ROOT / "webapp").rglob("*.html")):
        text = MARKED.sub("", path.read_text("utf-8"))
        for number, line in enumerate(text.splitlines(), start=1):
            bare = line.replace("学子留汉", "").replace("中文", "")
            if CHINESE.search(bare):
                guilty.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert guilty == []


def test_placeholders_are_named():
    assert not [m.id for m in english() if m.id and re.search(r"%[sd]", str(m.id))]
