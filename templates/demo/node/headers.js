// What a client is told with each answer, so that it can wait instead of being refused.
function headers(limit, used, resetsInMs) {
  const remaining = Math.max(0, limit - used);
  const answer = {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(Math.ceil(resetsInMs / 1000)),
  };
  if (remaining === 0) {
    answer['Retry-After'] = answer['RateLimit-Reset'];
  }
  return answer;
}

module.exports = { headers };
