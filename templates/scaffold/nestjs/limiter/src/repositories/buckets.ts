import type { Decision, Policy } from '../entities/decision';

/** A store of buckets. Taking is atomic: two requests never get the same token. */
export interface Buckets {
  take(client: string, policy: Policy): Promise<Decision>;
  /** Rejects where the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const BUCKETS = Symbol('BUCKETS');
