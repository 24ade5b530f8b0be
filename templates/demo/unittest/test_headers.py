import unittest

from headers import headers


class TestHeaders(unittest.TestCase):
    def test_says_what_is_left(self):
        self.assertEqual(headers(3, 1, 500)["RateLimit-Remaining"], "2")

    def test_says_when_to_come_back(self):
        self.assertEqual(headers(3, 4, 1500)["Retry-After"], "2")
