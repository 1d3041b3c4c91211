"""Measurements of the whole, run by hand."""
