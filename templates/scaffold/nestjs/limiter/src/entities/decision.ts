/** The answer to one request. Times are in seconds. */
export interface Decision {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** How long until one token is there again; 0 where the request passed. */
  retryAfter: number;
  /** How long until the bucket is full again. */
  resetAfter: number;
}

/** What a client may do: a bucket of `limit` tokens that fills up once in every `window` seconds. */
export interface Policy {
  limit: number;
  window: number;
}

/** Turns the tokens that are left into an answer. */
export function decide(policy: Policy, allowed: boolean, tokens: number): Decision {
  const perToken = policy.window / policy.limit;
  return {
    allowed,
    limit: policy.limit,
    remaining: Math.floor(tokens),
    retryAfter: allowed ? 0 : (1 - tokens) * perToken,
    resetAfter: (policy.limit - tokens) * perToken,
  };
}
