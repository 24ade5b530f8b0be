const test = require('node:test');
const assert = require('node:assert');
const { headers } = require('./headers');

test('says what is left', () => {
  assert.strictEqual(headers(3, 1, 500)['RateLimit-Remaining'], '2');
});

test('says when to come back', () => {
  assert.strictEqual(headers(3, 4, 1500)['Retry-After'], '2');
});
