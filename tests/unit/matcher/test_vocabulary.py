"""The vocabulary is made from reviewed lists, the same way every time."""

import csv
import gzip
import json

import pytest

from matcher.skills import Vocabulary
from matcher.training import vocabulary

LISTS = {
    "majors.csv": "level,code,name,class_name,category_name\nbachelor,1,护理学,护理学类,医学\n",
    "skill_categories.csv": "category,major_category,occupations\n医疗,医学,2-05\n机械,工学,6-18|2-02\n",
    "occupations.csv": "code,name,titles,skills,majors\n"
    "2-05-08-01,护士,,静脉输液|护理学|换药|内镜清洗证书|内镜清洗资格证|护理组长|沟通表达,\n"
    "2-05-08-02,助产士,,静脉输液|胎心监护,\n"
    "6-18-01-01,车工,,数控车床编程|刀补参数表,\n",
    "skill_ladders.csv": "ladder,level,term,aliases,category\n"
    "护理职称,1,护士资格,护士证,医疗\n"
    "护理职称,2,主管护师,,医疗\n",
    "skills_review.csv": "term,decision,value,note\n"
    "换药,keep,医疗,\n"
    "听胎心,alias_of,胎心监护,\n"
    "替换药,unless,换药,\n"
    "沟通表达,drop,,软技能\n",
}
POSTINGS = [
    ("a", "静脉输液、换药", None, ["输液", "导管"]),
    ("a", "替换药瓶", "护士证", ["导管"]),
    ("b", "数控车床程序设计", None, None),
]
FIELDS = ("source", "description", "requirements", "skills")


@pytest.fixture
def folders(tmp_path):
    corpus, taxonomy = tmp_path / "corpus", tmp_path / "taxonomy"
    (corpus / "text").mkdir(parents=True)
    taxonomy.mkdir()
    with gzip.open(corpus / "postings.jsonl.gz", "wt", encoding="utf-8") as lines:
        for posting in POSTINGS:
            row = {"title": None} | dict(zip(FIELDS, posting, strict=True))
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    for name, content in LISTS.items():
        (taxonomy / name).write_text(content, encoding="utf-8")
    return corpus, taxonomy


def test_terms_are_proposed_by_occupations_and_decided_by_the_review(folders):
    """Out go the major, the title, what every posting says, and what production alone knows."""
    skills = {skill.term: skill for skill in vocabulary.build(*folders)}
    assert set(skills) == {"换药", "胎心监护", "内镜清洗证书", "护士资格", "主管护师"}
    assert skills["护士资格"].aliases == ("护士证",)
    assert skills["胎心监护"].aliases == ("听胎心",)
    assert skills["换药"].unless == ("替换药",)
    assert skills["胎心监护"].category == "医疗"
    assert (skills["主管护师"].ladder, skills["主管护师"].level) == ("护理职称", 2)


def test_weights_fall_with_the_mean_share_of_the_sources(folders):
    skills = {skill.term: skill for skill in vocabulary.build(*folders)}
    assert skills["换药"].weight == vocabulary.weight_of(0.25)
    assert skills["主管护师"].weight == vocabulary.MOST


@pytest.mark.parametrize(("share", "weight"), [(0, 6.0), (1, 1.0), (0.5, 1.0), (0.05, 3.0), (0.001, 6.0)])
def test_weights_are_bounded(share, weight):
    assert vocabulary.weight_of(share) == weight


def test_the_file_is_the_same_every_time_and_can_be_read(folders, tmp_path):
    for name in ("one.csv", "two.csv"):
        vocabulary.write(vocabulary.build(*folders), tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert list(Vocabulary.load(tmp_path / "one.csv").skills) == vocabulary.build(*folders)


def test_what_postings_name_and_nobody_decided_is_proposed(folders):
    assert vocabulary.proposals(*folders, least=2) == [("导管", 2)]


def test_an_unknown_decision_is_named(folders):
    with (folders[1] / "skills_review.csv").open("a", encoding="utf-8") as lines:
        csv.writer(lines).writerow(["电焊", "maybe", "", ""])
    with pytest.raises(ValueError, match="电焊"):
        vocabulary.build(*folders)
