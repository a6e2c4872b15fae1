"""The repository minds its own manners: arrows, sizes, words, commands, settings."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import webapp
from scripts.__main__ import main
from webapp.settings import ROOT, Settings, SettingsIncomplete

TOP = {
    "pyproject.toml", "matcher", "webapp", "data", "scripts", "tests", "Dockerfile", "README.md",
    "README.zh-CN.md", "CONTRIBUTING.md", "LICENSE", "compose.yaml", "constraints.txt",
}  # fmt: skip
SOURCES = sorted(
    path for folder in ("matcher", "webapp", "scripts") for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)  # fmt: skip
CALLED_FROM_OUTSIDE = {
    "process_bind_param", "process_result_value",  # SQLAlchemy
    "on_starting", "post_worker_init", "worker_exit", "child_exit",  # gunicorn
    "pre_validate", "post_validate", "validate_text",  # WTForms
}  # fmt: skip
FORBIDDEN_NAMES = {"helper", "helpers", "util", "utils", "manager", "misc", "common"}


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    shown = {name.split("/")[0] for name in tracked()}
    assert {name for name in shown if not name.startswith(".")} == TOP


def test_imports_follow_the_arrows():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ".", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_services_load_neither_flask_nor_torch():
    code = (
        "import sys, pkgutil, importlib, webapp.services as s\n"
        "[importlib.import_module(f'webapp.services.{m.name}') for m in pkgutil.iter_modules(s.__path__)]\n"
        "print([m for m in ('flask', 'torch', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_outgrows_its_noun(path: Path):
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert path.stem not in FORBIDDEN_NAMES


def test_nothing_is_there_for_tests_alone():
    texts = {path: path.read_text("utf-8") for path in [*SOURCES, *(ROOT / "webapp").rglob("*.html")]}
    said = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    alone = [
        part.name
        for path in SOURCES
        for part in ast.walk(ast.parse(texts[path]))
        if isinstance(part, ast.FunctionDef | ast.ClassDef) and said[part.name] == 1
        if not any(isinstance(one, ast.Call | ast.Attribute) for one in part.decorator_list)
    ]
    assert {name for name in alone if not name.startswith("__")} == CALLED_FROM_OUTSIDE


def test_only_one_place_reads_the_clock():
    clocks = re.compile(r"date\.today\(|datetime\.now\(|time\.time\(|utcnow\(")
    guilty = [p for p in SOURCES if p.name != "clock.py" and clocks.search(p.read_text("utf-8"))]
    assert guilty == []


def test_only_the_edge_commits():
    edges = {"unit_of_work.py", "database.py", "imports.py"}
    guilty = [p for p in SOURCES if p.name not in edges and ".commit()" in p.read_text("utf-8")]
    assert guilty == []


def test_only_settings_read_the_environment():
    guilty = [
        p
        for p in SOURCES
        if p.name != "settings.py" and re.search(r"os\.environ|getenv", p.read_text("utf-8"))
    ]
    assert guilty == []


def test_only_one_module_imports_faiss():
    guilty = [
        p.name for p in SOURCES if re.search(r"^\s*(import|from) faiss", p.read_text("utf-8"), re.MULTILINE)
    ]
    assert guilty == ["faiss_index.py"]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "PERSON_PEPPER", "FILE_KEY", "DATABASE_URL"])
def test_production_refuses_to_start_without(missing: str):
    given = {"SECRET_KEY": "s", "PERSON_PEPPER": "p", "FILE_KEY": "f", "DATABASE_URL": "sqlite://"}
    production = {"PLATFORM_ENV": "production", **given}
    assert Settings.from_environment(production).production
    del production[missing]
    with pytest.raises(SettingsIncomplete, match=missing):
        Settings.from_environment(production)


def test_a_commercial_operator_needs_its_licence_number():
    with pytest.raises(SettingsIncomplete, match="OPERATOR_LICENCE"):
        Settings.from_environment({"OPERATOR": "commercial"})


def test_the_compose_file_names_web_worker_database_and_queue():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    assert {"web", "worker", "database", "queue"} <= set(compose["services"])
    environment = compose["services"]["web"]["environment"]
    for name in ("SECRET_KEY", "PERSON_PEPPER", "FILE_KEY"):
        assert ":?" in environment[name], "a secret has no default"
    assert compose["services"]["worker"]["command"].split()[-3] == "webapp.tasks.queue.queue"


def test_the_compose_file_hands_over_every_setting_the_readme_names():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    variables = (ROOT / "README.md").read_text("utf-8").split("| variable | meaning |")[1].split("\n\n")[0]
    named = {
        name
        for line in variables.splitlines()[2:]
        for name in re.findall(r"`([A-Z_]+)(?:=\w+)?`", line.split("|")[1])
    }
    fixed = set(re.findall(r"\b([A-Z_]+)=", (ROOT / "Dockerfile").read_text("utf-8")))
    assert len(named) > 15
    assert named <= set(compose["services"]["worker"]["environment"]) | fixed


def test_the_image_dumps_the_database_it_is_served_with():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    client = re.search(r"postgresql-client-(\d+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert client
    assert compose["services"]["database"]["image"].startswith(f"postgres:{client[1]}-")


def test_only_what_is_named_reaches_the_image():
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in kept, "secrets, data and history stay out"
    assert {line[1:] for line in kept if line.startswith("!")} <= TOP


def test_the_image_is_slim_runs_as_nobody_special_and_is_watched():
    lines = (ROOT / "Dockerfile").read_text("utf-8")
    assert "python:3.11-slim" in lines
    assert re.search(r"^USER (?!root)", lines, re.MULTILINE)
    assert "HEALTHCHECK" in lines


@pytest.mark.parametrize("name", main.list_commands(None))
def test_every_command_has_help(name: str):
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    assert len(shown.output.splitlines()) > 4


def test_nothing_names_the_place_it_was_made_in():
    marks = ("/" + "work/", "." + "library")
    for name in tracked():
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".html", ".css", ".js", ".toml", ".yaml", ".json", ".jsonl", ""}
            and path.is_file()
        ):
            text = path.read_text("utf-8", errors="ignore")
            assert not any(mark in text for mark in marks), name


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_what_a_page_links_to_exists(page: str):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_map_leads_to_modules_that_exist():
    ways = re.findall(r"[\w/]+\.py", webapp.__doc__)
    assert len(ways) > 10
    assert [way for way in ways if not (ROOT / "webapp" / way).exists()] == []
