/** Everything that may differ between two installations. */
export interface Config {
  port: number;
  logLevel: string;
  /** Empty: buckets in this process's memory. */
  redisUrl: string;
  /** How many requests a client may make at once, and again in every window. */
  rateLimit: number;
  rateWindowSeconds: number;
}

export const CONFIG = Symbol('CONFIG');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Reads PORT, LOG_LEVEL, REDIS_URL, RATE_LIMIT and RATE_WINDOW_SECONDS, and refuses what makes no sense. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const number = (name: string, fallback: number): number => {
    const text = env[name] || String(fallback);
    if (!/^[1-9][0-9]*$/.test(text)) {
      throw new Error(`${name}: "${text}" is not a positive number`);
    }
    return Number(text);
  };
  const logLevel = env.LOG_LEVEL || 'info';
  if (!LEVELS.includes(logLevel)) {
    throw new Error(`LOG_LEVEL: "${logLevel}" is not one of ${LEVELS.join(', ')}`);
  }
  return {
    port: number('PORT', 3000),
    logLevel,
    redisUrl: env.REDIS_URL || '',
    rateLimit: number('RATE_LIMIT', 10),
    rateWindowSeconds: number('RATE_WINDOW_SECONDS', 60),
  };
}
