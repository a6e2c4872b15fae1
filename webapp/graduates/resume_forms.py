"""Handing in a resume, and checking what was read from it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from webapp.domain.catalogues import institution_by_name
from webapp.domain.degrees import Degree
from webapp.reading.fields import ResumeFields
from webapp.reading.plain import MOST_CHARACTERS, listed
from webapp.reading.sections import Episode
from webapp.ui.forms import Form, MonthField, choices

SHORT = Length(max=100, message=_l("请控制在 100 个字以内。"))
LONG = Length(max=MOST_CHARACTERS, message=_l("内容太长了，请只保留简历部分。"))
ENDING = re.compile(r"\s*[（(]([^（）()]*\d{4}[^（）()]*)[)）]\s*$")
"""An episode's period as the form shows it: behind the heading, in brackets."""


class HandInForm(Form):
    """A file or a text; one of them is enough."""

    file = FileField(_l("简历文件"))
    text = TextAreaField(_l("粘贴简历内容"), [LONG], render_kw={"rows": 10})

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse nothing at all, and both at once: which of them counts would be a guess."""
        if not self.file.data and not field.data:
            raise ValidationError(_("请选择一个文件，或把简历内容粘贴到框里。"))
        if self.file.data and field.data:
            raise ValidationError(_("文件和粘贴的内容只能用一种。请清空这个框，或不选文件。"))


class ResumeForm(Form):
    """What a resume says, for its owner to correct."""

    text = TextAreaField(_l("简历原文"), [LONG], render_kw={"rows": 28})
    name = StringField(_l("姓名"), [SHORT])
    mobile = StringField(_l("手机号"), [SHORT])
    email = StringField(_l("邮箱"), [SHORT])
    institution = StringField(_l("学校"), [SHORT])
    major = StringField(_l("专业"), [SHORT])
    degree = SelectField(_l("学历"), validators=[Optional()])
    graduation_on = MonthField(_l("毕业年月"), [Optional()], description=_l("例如 2026-06"))
    wanted = StringField(_l("求职意向"), [SHORT])
    skills = TextAreaField(
        _l("技能"), [Length(max=2000)], description=_l("用顿号或逗号隔开。"), render_kw={"rows": 3}
    )
    experiences = TextAreaField(
        _l("实习与工作经历"),
        [LONG],
        description=_l("每段经历之间空一行，第一行写单位和岗位。"),
        render_kw={"rows": 6},
    )
    projects = TextAreaField(
        _l("项目经历"), [LONG], description=_l("每个项目之间空一行，第一行写名称。"), render_kw={"rows": 6}
    )
    certificates = TextAreaField(
        _l("证书与奖项"), [Length(max=2000)], description=_l("用顿号或逗号隔开。"), render_kw={"rows": 2}
    )
    fill_profile = BooleanField(_l("同时补全我的资料（只填空白项，已填的不改）"), default=True)

    def __init__(self, fields: ResumeFields | None = None, text: str | None = None) -> None:
        super().__init__(data=_shown(fields) | {"text": text} if fields else None)
        self.degree.choices = choices(Degree, "—")

    def fields(self) -> ResumeFields:
        """Return what the owner says the resume says."""
        school = institution_by_name(self.institution.data or "")
        return ResumeFields(
            name=self.name.data or None,
            mobile=self.mobile.data or None,
            email=self.email.data or None,
            degree=Degree(self.degree.data) if self.degree.data else None,
            institution=self.institution.data or None,
            institution_code=school.code if school else None,
            major=self.major.data or None,
            graduation_on=month_end(self.graduation_on.month),
            wanted=self.wanted.data or None,
            skills=listed(self.skills.data),
            experiences=_episodes(self.experiences.data),
            projects=_episodes(self.projects.data),
            certificates=listed(self.certificates.data),
            doubtful=frozenset(),
        )

    def composed(self) -> str:
        """Return the fields as one text, for a resume that was never a file."""
        parts = (
            [self.name.data, self.mobile.data, self.email.data],
            [self.institution.data, self.major.data, self.graduation_on.data],
        )
        lines = [" ".join(filter(None, part)) for part in parts]
        titled = (self.wanted, self.skills, self.experiences, self.projects, self.certificates)
        lines += [f"{field.label.text}\n{field.data}" for field in titled if field.data]
        return "\n\n".join(filter(None, lines))


def month_end(first: date | None) -> date | None:
    """Return the last day of a month given by its first."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if first else None


def _shown(fields: ResumeFields) -> dict[str, object]:
    return {
        "name": fields.name,
        "mobile": fields.mobile,
        "email": fields.email,
        "institution": fields.institution,
        "major": fields.major,
        "degree": fields.degree.value if fields.degree else "",
        "graduation_on": f"{fields.graduation_on:%Y-%m}" if fields.graduation_on else "",
        "wanted": fields.wanted,
        "skills": "、".join(fields.skills),
        "experiences": _blocks(fields.experiences),
        "projects": _blocks(fields.projects),
        "certificates": "、".join(fields.certificates),
    }


def _blocks(episodes: Iterable[Episode]) -> str:
    """Write episodes as the form shows them: blocks, the heading with its period first."""
    return "\n\n".join(
        f"{one.heading}（{one.period}）\n{one.text}" if one.period else f"{one.heading}\n{one.text}"
        for one in episodes
    ).strip()


def _episodes(text: str | None) -> tuple[Episode, ...]:
    """Read the blocks back."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n"))]
    return tuple(_episode(block.split("\n")) for block in blocks if block)


def _episode(lines: Sequence[str]) -> Episode:
    period = ENDING.search(lines[0])
    heading = lines[0][: period.start()] if period else lines[0]
    return Episode(heading.strip(), period[1] if period else "", "\n".join(lines[1:]).strip())
