"""What the comparison asks was kept out of training, and what was tuned on is not asked."""

from collections.abc import Mapping

import pytest

from matcher.training.split import holds_out_major, holds_out_occupation, plain_title, tunes
from matcher.training.tasks import (
    alias_to_definition,
    broad_occupations,
    major_to_occupation,
    name_to_titles,
    tasks,
    title_to_text,
)
from tests.conftest import real_material
from webapp.settings import ROOT

TAXONOMY = ROOT / "data" / "taxonomy"


def test_only_held_out_majors_are_asked_about():
    asked = major_to_occupation(TAXONOMY)
    assert asked.queries
    assert all(holds_out_major(major) for major in asked.queries)
    assert set().union(*asked.grades.values()) <= asked.documents.keys()


def test_names_that_tune_and_names_that_report_are_held_out_and_apart():
    tuning, reporting = name_to_titles(TAXONOMY, tuning=True), name_to_titles(TAXONOMY)
    assert tuning.queries.keys().isdisjoint(reporting.queries)
    assert tuning.documents == reporting.documents
    assert reporting.documents.keys().isdisjoint(reporting.queries), "a name does not find itself"


@pytest.mark.parametrize("title", ["JAVA 工程师", "Java-工程师", "java工程师！"])
def test_titles_that_differ_in_case_spaces_and_signs_are_one_title(title):
    assert plain_title(title) == "java工程师"


@pytest.mark.parametrize("task", tasks(None, ROOT / "data"), ids=lambda task: task.name)
def test_each_task_says_what_is_sought(task):
    assert task.about.startswith(("Seek ", "Order "))
    assert task.about.endswith(".")


@pytest.mark.slow
def test_the_real_material_is_asked_about_in_its_held_out_part():
    corpus = real_material()
    texts, tuned = title_to_text(corpus), title_to_text(corpus, tuning=True)
    assert len(texts.queries) == 1000
    assert not any(map(tunes, texts.queries))
    assert all(map(tunes, tuned.queries))
    definitions = alias_to_definition(corpus)
    assert all(holds_out_occupation(id.split()[0]) for id in definitions.queries)
    assert sought(definitions.grades) <= definitions.documents.keys()
    broad = broad_occupations(corpus)
    assert all(len(row) > 1 for row in broad.grades.values())


def sought(grades: Mapping[str, Mapping[str, int]]) -> set[str]:
    return set().union(*grades.values())
