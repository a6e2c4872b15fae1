"""Every sentence has its English, and the compiled catalogue is the one in the tree."""

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from scripts.translate import FOLDER, asked, extract, said
from webapp.settings import ROOT

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FACTS = re.compile(r"%\((\w+)\)")
MARKED = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
UNTRANSLATED = re.compile("学子留汉|武汉理工大学|光谷 数据分析 实习 能转正")
"""The platform's name, and what a reader types in Chinese whatever the language around it."""


def english() -> Catalog:
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def sentences(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {asked(message): said(message) for message in catalogue if message.id}


def facts(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for name in FACTS.findall(text)}


def test_every_marked_sentence_has_english(tmp_path: Path):
    extract(tmp_path / "all.pot")
    with (tmp_path / "all.pot").open("rb") as file:
        marked = sentences(read_po(file))
    known = sentences(english())
    assert [text for text in marked if not all(known.get(text, ("",)))] == []


def test_english_keeps_every_fact_of_the_sentence():
    assert [chinese for chinese, said in sentences(english()).items() if facts(chinese) != facts(said)] == []


def test_english_is_not_chinese():
    spoken = [text for said in sentences(english()).values() for text in said]
    assert [text for text in spoken if CHINESE.search(UNTRANSLATED.sub("", text))] == []


def test_the_compiled_catalogue_is_up_to_date():
    compiled = read_mo(io.BytesIO((FOLDER / "en" / "LC_MESSAGES" / "messages.mo").read_bytes()))
    assert sentences(compiled) == sentences(english())


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
    assert not [text for texts in sentences(english()) for text in texts if re.search(r"%[sd]", text)]
