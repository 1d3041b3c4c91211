"""Hostile and odd files by the hundred, each with what its maker expects to become of it."""
