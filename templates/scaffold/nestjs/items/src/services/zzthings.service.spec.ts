import { ZzthingsRepository } from '../repositories/zzthings.repository';
import { ZzthingsService } from './zzthings.service';

describe('ZzthingsService', () => {
  it('lists what was created', async () => {
    const service = new ZzthingsService(new ZzthingsRepository());
    const created = await service.create('first');
    expect(created.name).toBe('first');
    expect(await service.all()).toEqual([created]);
  });
});
