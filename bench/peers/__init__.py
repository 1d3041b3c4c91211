"""Other ways to load the same workbooks, to compare with; each is run with a venv of its own."""
