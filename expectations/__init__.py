"""Beliefs: what must be true of what arrived, each in one place with its id, severity and sentence."""
