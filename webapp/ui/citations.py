"""Words a match cites, marked in the text they come from."""

from markupsafe import Markup, escape

from matcher.documents import Match, PostingDocument, ResumeDocument
from matcher.text import field_text, read_text


def highlighted(
    document: ResumeDocument | PostingDocument, field: str, match: Match, *, nameless: bool = False
) -> Markup:
    """Return a field of either side with every word cited for the match marked.

    ``nameless`` leaves out school, origin, sex and age, by which nobody is judged before they agreed to it.
    """
    text = (read_text if nameless else field_text)(document, field)
    source = "posting" if isinstance(document, PostingDocument) else "resume"
    spans = sorted(
        (span.start, span.end)
        for reason in match.reasons
        for span in reason.spans
        if (span.source, span.field) == (source, field)
    )
    pieces, at = [], 0
    for start, end in spans:
        if end > at:
            begin = max(start, at)
            pieces += [escape(text[at:begin]), Markup("<mark>%s</mark>") % text[begin:end]]
            at = end
    return Markup().join([*pieces, escape(text[at:])])
