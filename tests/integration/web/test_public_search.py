"""Searching without an account: an answer says when it only comes near."""

from tests.factories import make_posting


def test_a_question_nobody_answers_in_words_says_so(client, session):
    make_posting(session, title="护士", valid_until_on=None)
    assert "没有岗位提到“zzqq”" in client.get("/postings?q=zzqq").text
    for plain in ("", "护士", "武昌 实习"):
        page = client.get("/postings", query_string={"q": plain}).text
        assert "护士" in page
        assert "没有岗位提到" not in page
