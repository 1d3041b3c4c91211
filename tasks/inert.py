"""inert: text of others that a spreadsheet program would take for a formula, and that must stay text."""

_STARTS = ("=", "+", "-", "@", "＝", "＋", "＠")
_CONTROLS = ("\t", "\r", "\n")


def looks_like_formula(text: str) -> bool:
    """Whether a program may run it once somebody edits its cell or saves the sheet as CSV."""
    return text.startswith(_CONTROLS) or text.lstrip().startswith(_STARTS)
