/** Everything that may differ between two installations. */
export interface Config {
  port: number;
  logLevel: string;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Reads PORT and LOG_LEVEL, and refuses what makes no sense. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = env.PORT || '3000';
  if (!/^[1-9][0-9]{0,4}$/.test(port)) {
    throw new Error(`PORT: "${port}" is not a port`);
  }
  const logLevel = env.LOG_LEVEL || 'info';
  if (!LEVELS.includes(logLevel)) {
    throw new Error(`LOG_LEVEL: "${logLevel}" is not one of ${LEVELS.join(', ')}`);
  }
  return { port: Number(port), logLevel };
}
