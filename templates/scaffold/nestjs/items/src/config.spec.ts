import { readConfig } from './config';

describe('readConfig', () => {
  it('means the defaults where nothing is set', () => {
    expect(readConfig({})).toEqual({ port: 3000, logLevel: 'info' });
  });

  it('does what the environment says', () => {
    expect(readConfig({ PORT: '9000', LOG_LEVEL: 'debug' })).toEqual({ port: 9000, logLevel: 'debug' });
  });

  it.each([
    ['PORT', 'http'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });
});
