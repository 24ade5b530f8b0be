"""What makes the service visible: structured logs, metrics, traces."""
