package repository

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"example.com/zz-project/internal/models"
)

// The whole decision is one script: Redis runs it as one step, so that no two processes take the same token. The time is
// Redis' own: the clocks of the processes need not agree.
var takeToken = redis.NewScript(`
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or limit, tonumber(bucket[2]) or now
tokens = math.min(limit, tokens + math.max(0, now - at) * limit / window)
local allowed = 0
if tokens >= 1 then
  tokens = tokens - 1
  allowed = 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return { allowed, string.format('%.6f', tokens) }
`)

// Redis shares the buckets between processes.
type Redis struct{ client *redis.Client }

// NewRedis connects when it is first used.
func NewRedis(url string) (*Redis, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	return &Redis{redis.NewClient(options)}, nil
}

// Take implements Buckets.
func (r *Redis) Take(ctx context.Context, client string, policy models.Policy) (models.Decision, error) {
	answer, err := takeToken.Run(ctx, r.client, []string{"bucket:" + client}, policy.Limit, policy.Window.Seconds()).Slice()
	if err != nil {
		return models.Decision{}, fmt.Errorf("take a token in redis: %w", err)
	}
	tokens, err := strconv.ParseFloat(fmt.Sprint(answer[1]), 64)
	if err != nil {
		return models.Decision{}, fmt.Errorf("read the answer of redis: %w", err)
	}
	return policy.Decide(fmt.Sprint(answer[0]) == "1", tokens), nil
}

// Ping implements Buckets.
func (r *Redis) Ping(ctx context.Context) error { return r.client.Ping(ctx).Err() }

// Close implements Buckets.
func (r *Redis) Close() error { return r.client.Close() }
