"""Verbs: one step of the walk a file, plain functions that get a `World` passed in."""
