"""Whatever people write, offsets stay inside it and nothing breaks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matcher.documents import PostingDocument, ResumeDocument
from matcher.skills import Skill, Vocabulary
from matcher.text import TEXT_LIMIT, prepared

VOCABULARY = Vocabulary([Skill("C++"), Skill("C"), Skill("Go", ("Golang",)), Skill("护理"), Skill(".NET")])
written = st.text(st.sampled_from("cC++#.gGoolanｇ护理ＮnetT \n，ßİﬀ㎏") | st.characters(), max_size=60)


@given(written)
def test_mentions_lie_inside_the_text_and_in_order(text):
    found = VOCABULARY.mentions(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(written)
def test_any_document_has_a_bounded_text(text):
    for document in (ResumeDocument(1, text=text), PostingDocument(1, text, text, text)):
        assert len(prepared(document)) <= TEXT_LIMIT
