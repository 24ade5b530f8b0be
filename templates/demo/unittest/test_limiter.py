import unittest

from limiter import Limiter


class TestLimiter(unittest.TestCase):
    def test_allows_as_many_requests_as_the_limit(self):
        limiter = Limiter(2, 1000)
        self.assertTrue(limiter.allows("ada", 0) and limiter.allows("ada", 1))

    def test_refuses_one_request_more(self):
        limiter = Limiter(2, 1000)
        limiter.allows("ada", 0)
        limiter.allows("ada", 1)
        self.assertFalse(limiter.allows("ada", 2))
