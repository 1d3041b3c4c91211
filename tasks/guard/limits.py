"""All limits of what is let in, in one place. Sizes in bytes, or in characters where they are of text."""

MIB = 2**20

LARGEST_FILE = 30 * MIB
LARGEST_ANSWER = 64 * MIB

# The package (zip) that a workbook is.
MOST_PARTS = 1_000
LARGEST_PART = 128 * MIB
LARGEST_PACKAGE = 256 * MIB
SMALL_PART = MIB
LARGEST_RATIO = 150

# Its XML.
DEEPEST = 64
MOST_ATTRIBUTES = 64
MOST_DECLARED = 10_000_000

# A sheet. Calamine asks for memory for the whole of (last row x last column).
LONGEST_SHEET_NAME = 100
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
MOST_CELLS = 2_000_000
LARGEST_AREA = 3_000_000
MOST_MERGES = 20_000
LARGEST_MERGED_AREA = 200_000
LONGEST_TEXT = 32_767

# Lines and posted objects.
MOST_COLUMNS = 500
MOST_LINES = 500_000
