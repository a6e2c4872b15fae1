"""Collect the marked sentences, bring the English catalogue up to date and compile it."""

import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
from babel.messages.catalog import Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from webapp.settings import ROOT

FOLDER = ROOT / "webapp" / "translations"
MAPPING = FOLDER / "babel.cfg"
SPOKEN = {"name", "label", "unit", "measure", "remark", "says"}
"""Keys of the catalogues under ``data`` whose values a page shows."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def run(*arguments: str) -> None:
    """Run one of Babel's commands."""
    CommandLineInterface().run(["pybabel", "-q", *arguments])  # type: ignore[no-untyped-call]


def names(file: BinaryIO, *_babel: object, **_options: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield the names a catalogue of ours gives districts, outcomes, evidence and targets (for Babel)."""
    text = file.read().decode("utf-8")
    listed = _named(json.loads(text)) if text.startswith("{") else csv.DictReader(text.splitlines())
    for entry in listed:
        for key in SPOKEN & entry.keys():
            if CHINESE.search(entry[key] or ""):
                yield 1, None, entry[key].removeprefix("万"), []  # a page counts in ones


def _named(content: Any) -> Iterator[dict[str, str]]:
    """Walk through a file of the programme and yield its entries."""
    if isinstance(content, dict):
        yield {key: value for key, value in content.items() if isinstance(value, str)}
    for inner in content.values() if isinstance(content, dict) else content:
        if isinstance(inner, dict | list):
            yield from _named(inner)


def extract(template: Path) -> None:
    """Write every marked sentence of the source to a template."""
    run(
        "extract",
        "-F", str(MAPPING),
        "-k", "_l", "-k", "N_",
        "--no-location", "--sort-output", "--omit-header",
        "-o", str(template),
        str(ROOT / "matcher"), str(ROOT / "webapp"), str(ROOT / "data"),
    )  # fmt: skip


@click.command(help="Collect marked sentences, update the English catalogue and compile it.")
def command() -> None:
    """Extract, update, compile, and say how many sentences still lack English."""
    template = FOLDER / "messages.pot"
    extract(template)
    verb = "update" if (FOLDER / "en").exists() else "init"
    options = ["--no-fuzzy-matching", "--ignore-obsolete", "--omit-header"] if verb == "update" else []
    run(verb, "-i", str(template), "-d", str(FOLDER), "-l", "en", *options)
    template.unlink()
    # Babel takes a catalogue without a header for a fuzzy one.
    run("compile", "--use-fuzzy", "-d", str(FOLDER), "-l", "en")
    lacking = untranslated()
    for sentence in lacking:
        click.echo(sentence)
    click.echo(f"{len(lacking)} sentences lack English.", err=True)
    sys.exit(1 if lacking else 0)


def untranslated() -> list[str]:
    """Return the sentences of the catalogue without English."""
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    return [asked(message)[0] for message in catalogue if message.id and not all(said(message))]


def asked(message: Message) -> tuple[str, ...]:
    """Return the Chinese of a message: one sentence, or one and its plural."""
    return _forms(message.id)


def said(message: Message) -> tuple[str, ...]:
    """Return the English of a message, empty where nobody wrote it yet."""
    return _forms(message.string)


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))
