"""Multi-task learning for Python."""
