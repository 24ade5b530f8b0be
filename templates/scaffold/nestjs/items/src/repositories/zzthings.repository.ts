import { Injectable } from '@nestjs/common';
import type { Zzthing } from '../entities/zzthing';

/** Kept in memory, for a start: gone when the process ends. A database comes in here. */
@Injectable()
export class ZzthingsRepository {
  private readonly kept: Zzthing[] = [];

  all(): Promise<Zzthing[]> {
    return Promise.resolve([...this.kept]);
  }

  add(zzthing: Zzthing): Promise<void> {
    this.kept.push(zzthing);
    return Promise.resolve();
  }
}
