import { BadRequestException, Body, Controller, Get, Post } from '@nestjs/common';
import type { Zzthing } from '../entities/zzthing';
import { ZzthingsService } from '../services/zzthings.service';

@Controller('api/zzthings')
export class ZzthingsController {
  constructor(private readonly service: ZzthingsService) {}

  @Get()
  list(): Promise<Zzthing[]> {
    return this.service.all();
  }

  @Post()
  create(@Body() body: unknown): Promise<Zzthing> {
    const { name } = (body ?? {}) as { name?: unknown };
    if (typeof name !== 'string' || name.trim() === '') {
      throw new BadRequestException({ error: 'name must not be empty' });
    }
    return this.service.create(name.trim());
  }
}
