"""All hostile files, in a fixed order: the same bytes each time."""

from collections.abc import Iterator
from pathlib import Path

from samples.exports import exported, posted
from samples.lines import lines_of
from schemas.catalog import Catalog
from schemas.forms.event import EVENT
from schemas.period import Period
from tests.hostile.book import Book, good_book
from tests.hostile.case import Hostile
from tests.hostile.cells import cells
from tests.hostile.damage import damage
from tests.hostile.kinds import kinds
from tests.hostile.lines import lines
from tests.hostile.markup import markup
from tests.hostile.objects import objects
from tests.hostile.packages import packages

NOVEMBER = Period("month", 2021, 11)
# Whose files they pretend to be.
BOOKS_OF, LINES_OF = "projects", "electronics"


def hostile_files(catalog: Catalog, folder: Path) -> Iterator[tuple[str, Hostile]]:
    """Each with the center in whose folder it lies; `folder` is for scratch."""
    book = good_book(catalog, folder)
    rows = lines_of(catalog.in_year(2021), EVENT.id, LINES_OF, NOVEMBER)
    object_ = posted(EVENT, catalog.in_year(2021), LINES_OF, NOVEMBER, rows, 1, NOVEMBER.last_day, "管理係")
    for made in (packages(book), kinds(book), markup(book), cells(book), _damaged(book)):
        yield from ((BOOKS_OF, hostile) for hostile in made)
    for made in (lines(exported(EVENT, rows)), objects(object_)):
        yield from ((LINES_OF, hostile) for hostile in made)


def _damaged(book: Book) -> Iterator[Hostile]:
    return damage(book.zipped())
