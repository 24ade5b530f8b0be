module example.com/api-rate-limiter

go 1.21
