import { CanActivate, ExecutionContext, HttpException, HttpStatus, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LimiterService } from '../services/limiter.service';

/** Lets a request pass or answers 429. Either way the client learns where it stands. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: LimiterService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const decision = await this.limiter.allow(clientOf(http.getRequest<Request>()));
    response.setHeader('RateLimit-Limit', decision.limit);
    response.setHeader('RateLimit-Remaining', decision.remaining);
    response.setHeader('RateLimit-Reset', Math.ceil(decision.resetAfter));
    if (!decision.allowed) {
      // Rounded up: who comes back after it comes back late enough.
      response.setHeader('Retry-After', Math.ceil(decision.retryAfter));
      throw new HttpException({ error: 'too many requests' }, HttpStatus.TOO_MANY_REQUESTS);
    }
    return true;
  }
}

/** The API key where there is one, else the address. */
function clientOf(request: Request): string {
  const key = request.header('x-api-key');
  return key ? `key:${key}` : `ip:${request.ip}`;
}
