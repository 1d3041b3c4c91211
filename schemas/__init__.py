"""Nouns that arrive: the catalog, the forms, and what a submission, a finding and a period are."""
