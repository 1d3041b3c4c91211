"""Sound workbooks with something in a cell: each finding at its cell, and one cell one finding."""

from collections.abc import Iterator

from tests.hostile.book import EXPENDITURE, PERFORMANCE, STRINGS, WORKBOOK, Book
from tests.hostile.case import Hostile, let_in, stays_out

ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")


def cells(book: Book) -> Iterator[Hostile]:
    """All of them."""
    for word in ERRORS:
        error = f'<c r="D7" t="e"><f>X1</f><v>{word}</v></c>'
        name = "".join(filter(str.isalnum, word))
        yield stays_out(f"cell error {name}.xlsx", book.cell("D7", error).zipped(), "cell.error")
    nobody = '<row r="20"><c r="J20" t="e"><v>#REF!</v></c></row></sheetData>'
    yield let_in("cell error that nobody reads.xlsx", book.edit(PERFORMANCE, "</sheetData>", nobody).zipped())
    yield stays_out(
        "cell uncomputed.xlsx", book.cell("D7", '<c r="D7"><f>1+2</f></c>').zipped(), "cell.uncomputed"
    )
    checked = book.cell("E7", '<c r="E7"><f>1+2</f></c>')
    yield let_in("cell uncomputed check.xlsx", checked.zipped())
    rows = book.edit(PERFORMANCE, '<row r="8"', '<row hidden="1" r="8"')
    yield let_in("cell in a hidden row.xlsx", rows.zipped(), ("sheet.hidden_row", "実績!B8"))
    column = book.edit(PERFORMANCE, '<col min="4" max="5"', '<col hidden="1" min="4" max="5"')
    yield let_in("cell in a hidden column.xlsx", column.zipped(), ("sheet.hidden_column", "実績!D2"))
    merged = book.edit(
        PERFORMANCE, '<mergeCell ref="A7:A9"/>', '<mergeCell ref="A7:A9"/><mergeCell ref="D7:D8"/>'
    )
    alone = merged.cell("D8", '<c r="D8" s="6"/>')
    yield stays_out("cell merged.xlsx", alone.zipped(), "cell.merged")
    under = book.edit(
        PERFORMANCE, '<mergeCell ref="A7:A9"/>', '<mergeCell ref="A7:A9"/><mergeCell ref="F7:G7"/>'
    )
    hidden = under.cell("G7", '<c r="G7" t="inlineStr"><is><t>二</t></is></c>').cell("F7", '<c r="F7"/>')
    yield let_in("cell under a merge.xlsx", hidden.zipped(), ("cell.under_merge", "実績!G7"))
    note = book.cell("G7", '<c r="G7" t="inlineStr"><is><t>\ue000子</t></is></c>')
    yield let_in("cell with gaiji.xlsx", note.zipped(), ("cell.gaiji", "実績!G7"))
    yield from _of_book(book)
    yield from _texts(book)


def _of_book(book: Book) -> Iterator[Hostile]:
    away = book.edit(
        WORKBOOK, '<sheet name="支出" sheetId="2"', '<sheet name="支出" sheetId="2" state="hidden"'
    )
    yield let_in("book hidden sheet.xlsx", away.zipped(), ("sheet.hidden", "支出!A1"))
    gone = away.edit(
        WORKBOOK, '<sheet name="実績" sheetId="1"', '<sheet name="実績" sheetId="1" state="veryHidden"'
    )
    yield Hostile("book hidden sheets.xlsx", gone.zipped(), frozenset({"file.HIDDEN_FORM"}))
    macros = book.put("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not run")
    yield let_in("book macros.xlsm", macros.zipped(), ("book.macros", ""))
    linked = book.put("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    yield let_in("book links.xlsx", linked.zipped(), ("book.links", ""))
    old = book.edit(WORKBOOK, "<workbookPr ", '<workbookPr date1904="1" ')
    yield let_in("book from 1904.xlsx", old.zipped(), ("book.from_1904", ""))


INJECTIONS = (
    *("=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1", '=HYPERLINK("http://x")'),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "%s%n",
        "{seen}",
    ),
    *("'; drop table fact_performance; --", '" or 1=1 --', "1;--", "\\", "$$", "\\u0000", "\\x00"),
    *(
        "z͓̩̪̘a̴l͘g̨o͢" * 5,
        "e\u0301",
        "\u00e9",
        "👨‍👩‍👧",
        "𠮷野家",
        "か\u3099",
        "a\u2028b",
        "\u3000",
        "\ufeff",
        "NULL",
        "None",
        "NaN",
        "1e999",
    ),
)


def _texts(book: Book) -> Iterator[Hostile]:
    """Whatever is typed into 備考 comes in as it is."""
    for number, text in enumerate(INJECTIONS):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cell = f'<c r="G7" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'
        yield let_in(f"text {number}.xlsx", book.cell("G7", cell).zipped())
    named = book.edit(STRINGS, "総務係", "&lt;script&gt;alert('総務係')&lt;/script&gt;")
    yield let_in("text of the submitter.xlsx", named.zipped())
    assert EXPENDITURE in book.parts
