"""What is counted of requests, whoever sends them."""


def test_invented_methods_are_counted_as_one(client) -> None:
    for method in ("FOO1", "FOO2", "PATCH"):
        client.open("/postings", method=method)
    told = client.get("/metrics").text
    assert "FOO" not in told
    assert 'platform_request_seconds_count{method="other",route="none",status="405"}' in told
    assert 'method="PATCH"' in told
