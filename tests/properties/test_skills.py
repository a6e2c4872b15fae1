"""Whatever a text is, mentions stand where they say and say what they may."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.clauses import PROFICIENCY
from matcher.skills import Skill, Vocabulary, folded

VOCABULARY = Vocabulary(
    [
        Skill("C++"),
        Skill("Go", ("Golang",), unless=("Go!",)),
        Skill("会计", ("做账",), unless=("社会计",)),
        Skill("初级", ladder="会计", level=1),
        Skill("高级", ladder="会计", level=2),
    ]
)
WORDS = "会计 社会计划 做账 C++ Ｇｏ Go! 熟悉 精通 优先 必须 不要求 专业 、 ， 。 带薪 无"
PIECES = st.sampled_from([*WORDS.split(), "\n"])
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join)


@given(TEXTS)
def test_a_mention_is_a_spelling_of_its_term_at_its_place(text):
    spellings = {skill.term: {folded(s) for s in skill.spellings} for skill in VOCABULARY.skills}
    last = 0
    for mention in VOCABULARY.mentions(text):
        assert folded(text[mention.start : mention.end]) in spellings[mention.term]
        assert mention.start >= last
        last = mention.end


@given(TEXTS)
def test_folding_keeps_every_place(text):
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


@given(TEXTS)
def test_levels_are_words_that_stand_in_the_text(text):
    for mention in VOCABULARY.mentions(text):
        assert mention.proficiency is None or mention.proficiency in {
            level for word, level in PROFICIENCY.items() if word in folded(text)
        }


@given(TEXTS)
def test_a_false_friend_is_never_a_mention(text):
    for mention in VOCABULARY.mentions(text.replace("做账", "")):
        if mention.term == "会计":
            assert text.replace("做账", "")[mention.start - 1 : mention.end] != "社会计"


@given(*[st.sampled_from([skill.term for skill in VOCABULARY.skills])] * 3)
def test_covering_is_reflexive_and_transitive(a, b, c):
    assert VOCABULARY.covers(a, a)
    if VOCABULARY.covers(a, b) and VOCABULARY.covers(b, c):
        assert VOCABULARY.covers(a, c)
