"""What ships under data/ says where it comes from, refers only to what exists, and names nobody real."""

import csv
import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from webapp.domain.accounts import normal_login
from webapp.domain.identifiers import DocType, check_credit_code, check_identity
from webapp.domain.pipeline import Stage, check_step
from webapp.domain.roles import Role

DATA = Path(__file__).resolve().parents[2] / "data"
DEMO = DATA / "demo"
AS_OF = date(2026, 11, 20)
LEVELS = {"associate": 1, "bachelor": 2, "master": 3, "doctor": 4}
LIVE_DAYS = timedelta(days=90)


@cache
def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEMO / name).read_text("utf-8").splitlines()]


@cache
def by_key(name: str) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in lines(name)}


@cache
def programme(name: str) -> dict[str, Any]:
    return json.loads((DATA / "programme" / name).read_text("utf-8"))


@cache
def table(name: str) -> list[dict[str, str]]:
    with (DATA / "taxonomy" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def test_every_file_is_named_in_the_readme_or_lies_in_a_folder_that_is() -> None:
    named = set(re.findall(r"^\| `([^`]+)`", (DATA / "README.md").read_text("utf-8"), re.MULTILINE))
    folders = tuple(name for name in named if name.endswith("/"))
    files = [path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()]
    assert [
        file for file in files if file not in named | {"README.md"} and not file.startswith(folders)
    ] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("institutions.csv", ("code",)),
        ("institutions.csv", ("name",)),
        ("majors.csv", ("level", "name")),
        ("districts.csv", ("code",)),
        ("streets.csv", ("code",)),
        ("industries.csv", ("code",)),
    ],
)
def test_keys_of_a_catalogue_are_unique(name: str, key: tuple[str, ...]) -> None:
    counted = Counter(tuple(row[part] for part in key) for row in table(name))
    assert [one for one, times in counted.items() if times > 1] == []


def test_wuhan_has_its_84_institutions() -> None:
    here = [row for row in table("institutions.csv") if row["city"] == "武汉市"]
    assert len(here) == 84
    assert [
        row["name"] for row in table("institutions.csv") if (row["in_wuhan"] == "1") != (row in here)
    ] == []


@pytest.mark.parametrize("on", ["2021-01-01", "2021-12-31", "2022-01-01", "2026-11-20", "2030-12-31"])
def test_every_place_reports_to_exactly_one_unit(on: str) -> None:
    units = {row["code"] for row in programme("units.json")["units"]}
    rows = [
        row
        for row in programme("units.json")["partition"]
        if row["valid_from"] <= on <= (row["valid_to"] or "9999")
    ]
    assert sorted(row["place"] for row in rows) == sorted(row["code"] for row in table("districts.csv"))
    assert {row["unit"] for row in rows} <= units


def test_targets_are_quoted_or_not_yet_set() -> None:
    targets = programme("targets.json")["targets"]
    assert all(row["quote"] for row in targets if row["period"] == "P14")
    assert [row["id"] for row in targets if row["period"] == "P15" and row["value"] is not None] == []
    ids = {row["id"] for row in targets}
    assert [
        row["id"] for row in targets for up in ("parent", "subset_of") if row[up] not in ids | {None}
    ] == []


def test_figures_from_outside_stay_unverified_and_name_their_source() -> None:
    assert all(
        row["status"] == "unverified" and row["source"] for row in programme("reported.json")["reported"]
    )


def test_demo_people_are_visibly_synthetic() -> None:
    for row in lines("graduates.jsonl"):
        assert row["name"].startswith("演示·")
        assert row["email"].endswith("@example.com")
        assert row["mobile"].startswith("1990000")
        assert normal_login(row["mobile"]) == (None, row["mobile"])
        assert row["id_number_synthetic"]
        assert row["id_number"].startswith("420101")
        check_identity(DocType.IDENTITY_CARD, row["id_number"], on=AS_OF)
    numbers = [row["id_number"] for row in lines("graduates.jsonl")]
    assert len(set(numbers)) == len(numbers)


def test_demo_employers_are_visibly_synthetic() -> None:
    codes = [check_credit_code(row["credit_code"]) for row in lines("employers.jsonl")]
    assert len(set(codes)) == len(codes)
    assert [row["name"] for row in lines("employers.jsonl") if "演示" not in row["name"]] == []


def test_no_two_resumes_and_no_two_postings_read_alike() -> None:
    for name, field in (("graduates.jsonl", "resume_text"), ("postings.jsonl", "duties")):
        texts = [row[field] for row in lines(name)]
        assert len(set(texts)) == len(texts)
    assert min(len(row["duties"]) for row in lines("postings.jsonl")) >= 80


def test_demo_graduates_and_postings_use_the_catalogues() -> None:
    institutions = {row["code"] for row in table("institutions.csv")}
    majors = {(row["level"], row["name"]) for row in table("majors.csv")}
    names = {row["name"] for row in table("majors.csv")}
    districts = {row["code"] for row in table("districts.csv")}
    for row in lines("graduates.jsonl"):
        level = "master" if row["degree"] == "doctor" else row["degree"]
        assert row["institution_code"] in institutions
        assert (level, row["major_name"]) in majors
        assert set(row["wishes"]["districts"]) <= districts
    for row in lines("postings.jsonl"):
        assert row["employer"] in by_key("employers.jsonl")
        assert by_key("employers.jsonl")[row["employer"]]["status"] == "approved"
        assert row["district"] in districts
        assert set(row["majors"]) <= names
        assert row["filled"] <= row["headcount"]
        assert row["pay_min"] <= row["pay_max"] <= 3 * row["pay_min"]


@pytest.mark.parametrize("row", lines("applications.jsonl"), ids=lambda row: row["key"])
def test_every_demo_application_follows_the_pipeline(row: dict[str, Any]) -> None:
    graduate = by_key("graduates.jsonl")[row["graduate"]]
    posting = by_key("postings.jsonl")[row["posting"]]
    assert LEVELS[graduate["degree"]] >= LEVELS[posting["degree_min"]]
    roles = {"graduate": Role.GRADUATE, "employer": Role.EMPLOYER, "platform": None}
    stage, at = Stage.DRAFT, row["started_at"]
    for event in row["events"]:
        target = Stage(event["to"])
        check_step(stage, target, role=roles.get(event["by"], Role.OFFICER), reason=event.get("reason"))
        assert at <= event["at"]
        stage, at = target, event["at"]
        assert day(at) <= AS_OF
    assert stage == row["stage"]
    if row["events"]:
        published = date.fromisoformat(posting["published_on"])
        assert published <= day(row["events"][0]["at"]) <= published + LIVE_DAYS


def test_a_person_promises_work_once_and_each_posting_gets_one_application() -> None:
    promised = {"accepted", "agreement_pending", "agreement_signed"}
    rows = lines("applications.jsonl")
    assert max(Counter(row["graduate"] for row in rows if row["stage"] in promised).values()) == 1
    assert max(Counter((row["graduate"], row["posting"]) for row in rows).values()) == 1


@pytest.mark.parametrize("row", lines("placements.jsonl"), ids=lambda row: row["key"])
def test_every_demo_placement_rests_on_fitting_evidence(row: dict[str, Any]) -> None:
    types = {one["id"]: one for one in programme("evidence_types.json")["types"]}
    officers = {one["key"] for one in json.loads((DEMO / "officers.json").read_text("utf-8"))["officers"]}
    graduate = by_key("graduates.jsonl")[row["graduate"]]
    for proof in row["evidence"]:
        assert proof["grade"] == types[proof["type"]]["grade"]
        assert row["outcome_code"] in types[proof["type"]]["outcome_codes"]
    steps = [row["claimed_at"], *(one["at"] for one in row["verifications"])]
    assert steps == sorted(steps)
    assert row["started_on"] <= row["claimed_at"][:10]
    approvals = [one for one in row["verifications"] if one["approved"]]
    assert {one["officer"] for one in approvals} <= officers
    if row["state"] in {"counted", "confirmed", "disputed", "reversed"}:
        best = min(proof["grade"] for proof in row["evidence"])
        assert len({one["officer"] for one in approvals}) == (2 if best == "C" else 1)
        assert graduate["degree_verified_on"] <= approvals[-1]["at"][:10]
    if row["reversal"]:
        assert row["reversal"]["officer"] != row["reversal"]["second_officer"]
        assert steps[-1] <= row["reversal"]["at"]


def test_internships_and_traineeships_never_become_placements() -> None:
    applications, postings = by_key("applications.jsonl"), by_key("postings.jsonl")
    kinds = {
        postings[applications[row["application"]]["posting"]]["kind"]
        for row in lines("placements.jsonl")
        if row["application"]
    }
    assert kinds.isdisjoint({"internship", "traineeship"})


def test_a_graduate_has_one_placement_and_its_application_is_theirs() -> None:
    rows = lines("placements.jsonl")
    assert max(Counter(row["graduate"] for row in rows).values()) == 1
    applications = by_key("applications.jsonl")
    assert [
        row["key"]
        for row in rows
        if row["application"] and applications[row["application"]]["graduate"] != row["graduate"]
    ] == []


def test_resume_files_and_their_manifest_agree() -> None:
    rows = lines("resumes/manifest.jsonl")
    files = {path.name for path in (DEMO / "resumes").iterdir()} - {"manifest.jsonl"}
    assert {row["file"] for row in rows} == files
    assert len(rows) == 30
    assert {row["graduate"] for row in rows} <= by_key("graduates.jsonl").keys()
    assert sum((DEMO / "resumes" / name).stat().st_size for name in files) < 4_000_000
