"""The demo programme's resume files: thirty layouts, each with what its owner wrote."""

import json
from pathlib import Path

import pytest

from webapp.domain.catalogues import institutions, majors
from webapp.reading.catalogue import Catalogue
from webapp.reading.fields import read_fields
from webapp.reading.files import read_resume

FOLDER = Path(__file__).parents[3] / "data" / "demo" / "resumes"
CATALOGUE = Catalogue(institutions().values(), majors())
WRITTEN = [json.loads(line) for line in (FOLDER / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda written: written["file"])
def test_a_resume_file_gives_its_owners_fields(written: dict[str, str]) -> None:
    content = (FOLDER / written["file"]).read_bytes()
    fields = read_fields(read_resume(content, written["file"]).text, catalogue=CATALOGUE)
    read = (fields.name, fields.mobile, fields.email, fields.institution_code, fields.major)
    assert read == tuple(written[key] for key in ("name", "mobile", "email", "institution_code", "major"))
    assert fields.degree == written["degree"]
    assert f"{fields.graduation_on:%Y-%m}" == written["graduation_on"][:7]
    assert fields.doubtful <= {"graduation_on", "name"}
