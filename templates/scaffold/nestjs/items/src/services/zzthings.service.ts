import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Zzthing } from '../entities/zzthing';
import { ZzthingsRepository } from '../repositories/zzthings.repository';

/** Lists them and makes new ones. */
@Injectable()
export class ZzthingsService {
  constructor(private readonly repository: ZzthingsRepository) {}

  /** All of them, oldest first. */
  all(): Promise<Zzthing[]> {
    return this.repository.all();
  }

  async create(name: string): Promise<Zzthing> {
    const zzthing = { id: randomUUID(), name };
    await this.repository.add(zzthing);
    return zzthing;
  }
}
