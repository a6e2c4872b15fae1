"""Why a row of a list says nothing usable, each with what to put right."""

from webapp.domain.lists import ListRowRefused
from webapp.domain.words import N_


class FieldMissing(ListRowRefused):
    """An empty cell that is needed."""

    message = N_("“%(column)s”没有填写")


class DateUnclear(ListRowRefused):
    """A cell that is no date."""

    message = N_("“%(column)s”不是日期：%(text)s。请写成 2026-07-01 或 2026-07")


class NumberAsFloat(ListRowRefused):
    """A spreadsheet has turned an identity number into a number and lost its last digits."""

    message = N_("证件号码被表格软件改成了数字，后几位已丢失。请把这一列设为文本后重新导出")


class DocumentUnknown(ListRowRefused):
    """A kind of document that is not in the table."""

    message = N_("证件类型“%(text)s”不在代码表中")


class SchoolUnknown(ListRowRefused):
    """A school that is not in the ministry's list."""

    message = N_("学校“%(text)s”不在教育部名单中，请核对名称或 10 位标识码")


class DegreeUnknown(ListRowRefused):
    """A degree that is not in the table."""

    message = N_("学历“%(text)s”不在代码表中")


class CodeUnknown(ListRowRefused):
    """An outcome code is never guessed."""

    message = N_("毕业去向代码“%(text)s”不在代码表中，不作猜测，请更正")


class UnitUnknown(ListRowRefused):
    """A reporting unit that is not in the table."""

    message = N_("填报单位“%(text)s”不在 16 个填报单位中")


class NotAFigure(ListRowRefused):
    """A number that cannot be one of people."""

    message = N_("“%(column)s”应为不小于零的整数：%(text)s")


class FigureUnclear(ListRowRefused):
    """Neither of a month nor of all months."""

    message = N_("“口径”应为“当月”或“累计”：%(text)s")


class OtherCity(ListRowRefused):
    """A record of another city proves nothing here."""

    message = N_("地点不在武汉：%(text)s")


class NotAlive(ListRowRefused):
    """A business that does not operate."""

    message = N_("登记状态为“%(text)s”，不是在营企业")


class NoRole(ListRowRefused):
    """Somebody who only works in the business."""

    message = N_("人员身份“%(text)s”不是法定代表人、股东、合伙人或经营者")


class EndsBeforeStart(ListRowRefused):
    """Insurance that ends before it begins."""

    message = N_("停保月早于参保起始月")
