"""A corpus folder of a few rows, for tests of what is learnt from it."""

import csv
import gzip
import json

from matcher.training.split import (
    holds_out_major,
    holds_out_occupation,
    holds_out_posting,
    holds_out_title_group,
)

TITLES = ["护士", "会计", "焊工", "教师", "Java工程师", "厨师", "律师", "司机", "药师", "出纳"]


def first(holds_out, names):
    """Find the first name that is held out, and the first that is not."""
    return next(n for n in names if holds_out(n)), next(n for n in names if not holds_out(n))


HELD_COMPANY, COMPANY = first(
    lambda name: holds_out_posting({"company": name, "title": ""}), (f"演示公司{n}" for n in range(200))
)
HELD_CODE, CODE = first(holds_out_occupation, (f"2-01-01-{n:02}" for n in range(1, 99)))
HELD_JOB, JOB = first(holds_out_occupation, (f"职业{n}" for n in range(99)))
HELD_MAJOR, MAJOR = first(holds_out_major, (f"专业{n}" for n in range(99)))
HELD_GROUP, GROUP = first(holds_out_title_group, (f"岗位{n}" for n in range(99)))


def posting(company, title, text):
    row = {"source": "演示", "title": title, "description": text, "company": company}
    return row | {"requirements": None, "skills": None}


def text_about(title, number):
    start = f"{number}号机构招聘{title}，工作内容见下。"
    return start + "".join(f"{n}、负责第{number * n}项与{title}有关的日常工作；" for n in range(1, 9))


def table(path, columns, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns.split(","), *rows])


def zipped(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def write(root):
    """Write a corpus folder with a taxonomy in it; something of every kind is held out."""
    shared = text_about("前台", 99)
    rows = [posting(COMPANY, title, text_about(title, n)) for n, title in enumerate(TITLES)]
    rows += [
        posting(HELD_COMPANY, "秘书", text_about("秘书", 50)),
        posting(HELD_COMPANY, "前台", shared),
        posting(COMPANY, "接待员", shared),
        posting(COMPANY, "文员", "另一个开头。" * 12 + shared[-60:]),
        posting(COMPANY, "短", "太短"),
    ]
    zipped(root / "postings.jsonl.gz", [json.dumps(row, ensure_ascii=False) for row in rows])
    text = root / "text"
    zipped(text / "zhilian_requirements2018.txt.gz", [text_about("仓管员", 7)])
    zipped(text / "zhilian_keywords2018.txt.gz", ["仓库 盘点 出库 入库 单据 核对 叉车 货架 台账 条码 " * 6])
    zipped(text / "atec_train.csv.gz", ["1\t怎么还款\t如何还款\t1", "2\t怎么还款\t开通条件\t0"])
    (text / "synonyms_cilin.txt").write_text("Aa01= 医生 大夫 医师\nAa02# 不同 词语\n", "utf-8")
    (text / "cnsd-sts-train.txt").write_text(
        "a||人在跑步||有人跑步||5\nb||马在吃草||人在吃饭||1\nc||考题||题目||5\n", "utf-8"
    )
    (text / "cnsd-sts-dev.txt").write_text("d||考题||试卷||4\n", "utf-8")
    reference = root / "reference"
    table(
        reference / "occupations_csco2022.csv",
        "code,name,definition,tasks,alias",
        (CODE, "护士L", "从事护理的人员。", "1.静脉输液 2.观察病情", "护理员,护工"),
        (HELD_CODE, "会计S", "从事核算的人员。", "1.记账 2.报税", "记账员"),
    )
    table(
        reference / "jobtitle_synonyms.csv",
        "site_title,canonical_title",
        ("岗位甲", GROUP),
        ("岗位乙", HELD_GROUP),
    )
    table(
        reference / "major_occupation.csv",
        "major,occupation",
        (MAJOR, "护士"),
        (HELD_MAJOR, "会计"),
        (MAJOR, "公务员"),
    )
    intro = {"name": MAJOR, "summary": "学习护理学基础知识。能够从事临床护理工作。"}
    (reference / "majors_intro.jsonl").write_text(json.dumps(intro, ensure_ascii=False), "utf-8")
    taxonomy = root / "taxonomy"
    table(
        taxonomy / "occupations.csv",
        "code,name,titles,skills,majors",
        (CODE, "护士", "病房护士|责任护士", "静脉输液|护士证", f"{MAJOR}|{HELD_MAJOR}"),
        (HELD_CODE, "会计", "做账会计|主办会计", "用友|报税", MAJOR),
    )
    table(
        taxonomy / "job_titles.csv",
        "isco,titles",
        ("2221", f"{JOB}|记账员|做账会计|专科护士"),
        ("2411", f"{HELD_JOB}|另一名"),
    )
