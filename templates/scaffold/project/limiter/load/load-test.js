// k6 run load/load-test.js, or for another implementation: k6 run -e BASE_URL=http://localhost:8080 load/load-test.js
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL || 'http://localhost:3000';

export const options = {
  vus: Number(__ENV.VUS || 100),
  duration: __ENV.DURATION || '30s',
  thresholds: { http_req_duration: ['p(95)<500'], checks: ['rate>0.99'] },
};

// A refusal is an answer here, not a failure.
http.setResponseCallback(http.expectedStatuses(200, 429));

export default function () {
  const response = http.get(`${base}/api/ping`, { headers: { 'X-Api-Key': `user-${__VU}` } });
  check(response, {
    'passed or was refused': (r) => r.status === 200 || r.status === 429,
    'says how much is left': (r) => r.headers['Ratelimit-Remaining'] !== undefined,
    'a refusal says when to come back': (r) => r.status !== 429 || Number(r.headers['Retry-After']) > 0,
  });
}
