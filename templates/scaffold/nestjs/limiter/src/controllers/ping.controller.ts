import { Controller, Get, UseGuards } from '@nestjs/common';
import { RateLimitGuard } from '../guards/rate-limit.guard';

/** The endpoint that stands for the API behind the limiter. */
@Controller('api')
@UseGuards(RateLimitGuard)
export class PingController {
  @Get('ping')
  ping(): { message: string } {
    return { message: 'pong' };
  }
}
