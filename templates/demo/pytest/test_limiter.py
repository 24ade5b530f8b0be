from limiter import Limiter


def test_allows_as_many_requests_as_the_limit():
    limiter = Limiter(2, 1000)
    assert limiter.allows("ada", 0) and limiter.allows("ada", 1)


def test_refuses_one_request_more():
    limiter = Limiter(2, 1000)
    limiter.allows("ada", 0)
    limiter.allows("ada", 1)
    assert not limiter.allows("ada", 2)


def test_begins_anew_with_the_next_window():
    limiter = Limiter(1, 1000)
    limiter.allows("ada", 0)
    assert limiter.allows("ada", 1000)
