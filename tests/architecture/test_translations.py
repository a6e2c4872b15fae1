"""Every sentence has its English, and the compiled catalogue is the one in the tree."""

import ast
import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from scripts.translate import FOLDER, asked, extract, said
from webapp.settings import ROOT

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese words, and the signs only Chinese writes."""
FACTS = re.compile(r"%\((\w+)\)")
MARKED = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
WORDS = re.compile(r"[\u4e00-\u9fff]")
SPEAKING = ("auth", "employers", "graduates", "officers", "pages", "queries", "ui")
"""The layers whose words a reader meets; below them a refusal or a label is marked beside its enum."""
UNSPOKEN = re.compile("中文|[年月日万]")
"""The language's own name, and the signs of Chinese dates and large counts."""
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


def test_code_at_the_edge_holds_no_unmarked_chinese():
    guilty = []
    for path in sorted(one for folder in SPEAKING for one in (ROOT / "webapp" / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        marked = {id(part) for call in ast.walk(tree) if _marks(call) for part in (call, *ast.walk(call))} | {
            id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)
        }
        guilty += [
            f"{path.relative_to(ROOT)}:{one.lineno}: {one.value}"
            for one in ast.walk(tree)
            if isinstance(one, ast.Constant) and id(one) not in marked and _speaks(one.value)
        ]
    assert guilty == []


def _marks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "_l", "N_", "ngettext"}


def _speaks(value: object) -> bool:
    return isinstance(value, str) and bool(WORDS.search(UNSPOKEN.sub("", value)))


def test_placeholders_are_named():
    assert not [text for texts in sentences(english()) for text in texts if re.search(r"%[sd]", text)]
