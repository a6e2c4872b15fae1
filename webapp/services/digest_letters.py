"""What a letter about new postings says, in its reader's language."""

from webapp.domain.catalogues import district_name
from webapp.domain.pay import format_pay
from webapp.domain.postings import LABELS
from webapp.domain.words import N_
from webapp.models import Posting
from webapp.services.digests import Summary, link_token
from webapp.services.languages import Language, language_of
from webapp.services.mail import Letter

POSTING, STOP, SETTINGS = "/graduate/postings/%d", "/graduate/digests/%s", "/graduate/privacy#letters"
BODY = N_("""%(name)s：

%(news)s

%(postings)s

点开可以看到逐条的匹配理由。岗位随时可能招满或结束，以打开时看到的为准。

你在学子留汉平台打开了新岗位邮件，所以收到这封信。不想再收，或想少收一些，打开这里按一下就好，不用登录：
%(stop)s

其他设置在“隐私与授权”里：
%(settings)s""")


def compose(summary: Summary, *, url: str, secret: str) -> Letter:
    """Write to the reader of a summary about its postings; ``url`` is the platform's."""
    user, postings = summary.graduate.user, summary.postings
    said = language_of(user.language)
    count, ngettext = len(postings), said.words.ngettext
    facts = {
        "name": user.name,
        "news": ngettext(
            "有 %(count)d 个新发布的岗位适合你。",
            "有 %(count)d 个新发布的岗位适合你，最合适的排在最前面。",
            count,
        )
        % {"count": count},
        "postings": "\n\n".join(f"{n}. {_told(one, said, url)}" for n, one in enumerate(postings, start=1)),
        "stop": url + STOP % link_token(summary.graduate.id, secret=secret),
        "settings": url + SETTINGS,
    }
    subject = ngettext("%(count)d 个新岗位适合你：%(best)s", "%(count)d 个新岗位适合你：%(best)s", count)
    named = subject % {"count": count, "best": _in_a_line(postings[0].title)}
    return Letter(user.email or "", named, said.words.gettext(BODY) % facts, facts["stop"])


def _told(posting: Posting, said: Language, url: str) -> str:
    """Say a posting in a few short lines, which a telephone shows as they are."""
    _ = said.words.gettext
    district, until = district_name(posting.district), posting.valid_until_on
    where = [posting.employer.name, district and _(district), _(LABELS[posting.kind])]
    lines = [
        _in_a_line(posting.title),
        " · ".join(part for part in where if part),
        format_pay(posting.pay_min, posting.pay_max, posting.months, translate=_),
        _("有效期至%(day)s") % {"day": said.day(until)} if until else "",
        url + POSTING % posting.id,
    ]
    return "\n".join(line for line in lines if line)


def _in_a_line(text: str) -> str:
    """Leave no line break of a table's cell in: a subject has none."""
    return " ".join(text.split())
