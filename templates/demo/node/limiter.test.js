const test = require('node:test');
const assert = require('node:assert');
const { Limiter } = require('./limiter');

test('allows as many requests as the limit', () => {
  const limiter = new Limiter(2, 1000);
  assert.ok(limiter.allows('ada', 0) && limiter.allows('ada', 1));
});

test('refuses one request more', () => {
  const limiter = new Limiter(2, 1000);
  limiter.allows('ada', 0);
  limiter.allows('ada', 1);
  assert.strictEqual(limiter.allows('ada', 2), false);
});

test('begins anew with the next window', () => {
  const limiter = new Limiter(1, 1000);
  limiter.allows('ada', 0);
  assert.ok(limiter.allows('ada', 1000));
});
