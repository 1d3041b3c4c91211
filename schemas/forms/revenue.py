"""収入予算書: a body's budget of income as it is passed, one line an item under its headings."""

from schemas.form import Form
from schemas.forms.appropriation import budget_columns

REVENUE = Form(
    id="revenue",
    title="収入予算書",
    number="様式第15号",
    frequency="year",
    grain="one item of the budget of income",
    columns=budget_columns(),
    is_ahead=True,
)
