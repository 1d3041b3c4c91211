"""Nouns at rest and the questions asked of them: star schema, marts, printed tables."""
