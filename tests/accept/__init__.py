"""Acceptance with the programs that people use: slow, and in need of more than PyPI has; `make accept`."""
