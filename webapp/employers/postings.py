"""All postings of an employer, by state."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.auth.access import audience
from webapp.auth.identity import my_member
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.models import Posting
from webapp.queries.employers import applicants, employer_postings, posting_counts
from webapp.ui.paging import Page, asked_page, paginate
from webapp.unit_of_work import db


@blueprint.get("/postings")
@audience(Role.EMPLOYER)
def postings() -> ResponseReturnValue:
    """List what is offered, was offered or is being written."""
    employer_id = my_member().employer_id
    asked = request.args.get("status", "")
    status = PostingStatus(asked) if asked in list(PostingStatus) else None
    page: Page[Posting] = paginate(db(), employer_postings(employer_id, status), number=asked_page())
    return render_template(
        "employers/postings.html",
        page=page,
        status=status,
        counts=posting_counts(db(), employer_id),
        applicants=applicants(db(), [posting.id for posting in page.items]),
    )
