// k6 run load/load-test.js, or for another implementation: k6 run -e BASE_URL=http://localhost:8080 load/load-test.js
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL || 'http://localhost:3000';

export const options = {
  vus: Number(__ENV.VUS || 100),
  duration: __ENV.DURATION || '30s',
  thresholds: { http_req_duration: ['p(95)<500'], checks: ['rate>0.99'] },
};

export default function () {
  const response = http.get(`${base}/api/zzthings`);
  check(response, {
    'status is 200': (r) => r.status === 200,
  });
}
