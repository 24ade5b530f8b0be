"""What the service does, free of HTTP and of storage."""
