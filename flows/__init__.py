"""Sentences: what a person or a schedule runs."""
