"""The page on recommendations shows the figures of the audit that sealed the present model."""


def test_the_figures_of_the_fairness_audit_are_those_of_the_model(client, matching_parts):
    audit = matching_parts.judge.model.audit
    page = client.get("/algorithm").text
    assert "怎么检查公平" in page
    assert f"试过的 {audit['wordings']} 种写法里" in page
    for figure in (audit["on"], audit["resumes"], audit["least_ratio"], audit["public_lists_kept"][1]):
        assert str(figure) in page
