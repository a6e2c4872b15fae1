"""The headings Chinese resumes use, and which part of a resume each opens."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    """Parts of a resume."""

    PERSON = "person"
    WANTED = "wanted"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    PROJECTS = "projects"
    SKILLS = "skills"
    CERTIFICATES = "certificates"
    OTHER = "other"


HEADINGS: Mapping[Part, str] = {
    Part.PERSON: "基本信息 个人信息 基本资料 个人资料 基本情况 个人概况 联系方式 联系我",
    Part.WANTED: "求职意向 求职目标 应聘岗位 期望职位 意向岗位 求职期望 职业意向 意向",
    Part.EDUCATION: "教育背景 教育经历 教育信息 学习经历 学历信息 教育 学历背景 ",
    Part.EXPERIENCE: """
        工作经历 实习经历 实践经历 工作经验 实习经验 社会实践 工作与实习 校园经历 校园实践
        实习实践 实习与实践 工作实习经历 社会实践经历 校园活动 学生工作 在校经历 实习
        见习经历 实训经历 临床经历 临床实习 教学经历 志愿经历 志愿服务 社团经历 工作 实践
    """,
    Part.PROJECTS: """
        项目经历 项目经验 科研经历 科研项目 项目 项目实践 课程设计 毕业设计 作品 作品集
        竞赛经历 科研与项目 项目与竞赛 科研成果 论文 论文发表 研究经历 设计作品 主要作品
        科研 代表作 竞赛
    """,
    Part.SKILLS: """
        专业技能 技能特长 技能 掌握技能 个人技能 职业技能 技能与特长 IT技能 语言能力
        技能清单 相关技能 工具 软件技能 技术栈 能力 专业能力 核心技能 语言与技能
    """,
    Part.CERTIFICATES: """
        证书 资格证书 荣誉证书 获奖情况 获奖经历 荣誉奖项 奖项荣誉 所获荣誉 技能证书
        证书与荣誉 荣誉与证书 证书奖项 奖励荣誉 荣誉奖励 职业资格 技能与证书 技能证书与荣誉
        证书奖励 所获证书 奖励情况 奖励 荣誉 获奖 奖项 所获奖项 获奖与证书 证书与奖项 校内荣誉 奖学金
    """,
    Part.OTHER: """
        自我评价 个人评价 自我介绍 个人简介 个人总结 兴趣爱好 个人优势 自我描述 主修课程
        其他 爱好 兴趣 附加信息 其他信息 关于我 个人特长 特长 主要课程 核心课程 个人陈述
        个人小结 小结 自评 课余 活动
    """,
}
_PARTS = {word.lower(): part for part, words in HEADINGS.items() for word in words.split()}
_ENGLISH = re.compile(r"[A-Za-z&/ ]+$|^[A-Za-z&/ ]+(?=[一-鿿])")
_ORNAMENT = re.compile(r"[^\w&]|^[一二三四五六七八九十\d]{1,2}(?=[、.\s])")
_JOINED = re.compile("[与和及]")
_LONGEST = 24


def heading_part(line: str) -> Part | None:
    """Return the part a line opens if the line is a heading, with or without ornaments and English."""
    if len(line) > _LONGEST:
        return None
    bare = _ORNAMENT.sub("", line.strip())
    bare = _ENGLISH.sub("", bare) or bare
    pieces = _JOINED.split(bare.lower())
    known = [_PARTS.get(piece) for piece in pieces]
    return _PARTS.get(bare.lower()) or (known[0] if all(known) else None)


def is_heading(line: str) -> bool:
    """Say whether a line is one of the headings resumes use."""
    return heading_part(line) is not None
