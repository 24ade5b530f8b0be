from headers import headers


def test_says_what_is_left():
    assert headers(3, 1, 500)["RateLimit-Remaining"] == "2"


def test_says_when_to_come_back():
    assert headers(3, 4, 1500)["Retry-After"] == "2"
