"""zz-title in Python."""
