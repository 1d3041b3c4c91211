"""The guard before the parser: what a received file is, and why it may not be opened, from its bytes alone.

It runs inside the reader's process and imports nothing but the standard library.
"""
