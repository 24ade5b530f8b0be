import { readConfig } from './config';

describe('readConfig', () => {
  it('means the defaults where nothing is set', () => {
    expect(readConfig({})).toEqual({
      port: 3000,
      logLevel: 'info',
      redisUrl: '',
      rateLimit: 10,
      rateWindowSeconds: 60,
    });
  });

  it('does what the environment says', () => {
    expect(readConfig({ PORT: '9000', RATE_LIMIT: '3' })).toMatchObject({ port: 9000, rateLimit: 3 });
  });

  it.each([
    ['PORT', 'http'],
    ['RATE_LIMIT', '0'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });
});
