"""The forms, one a file; this list is where a new one is entered."""

from schemas.form import Form
from schemas.forms.appropriation import APPROPRIATION
from schemas.forms.budget import BUDGET
from schemas.forms.client import CLIENT
from schemas.forms.event import EVENT
from schemas.forms.expenditure import EXPENDITURE
from schemas.forms.ledger import LEDGER
from schemas.forms.narrative import NARRATIVE
from schemas.forms.performance import PERFORMANCE
from schemas.forms.published import PUBLISHED
from schemas.forms.revenue import REVENUE
from schemas.forms.spending import SPENDING
from schemas.forms.survey import SURVEY

FORMS: tuple[Form, ...] = (
    PERFORMANCE,
    EVENT,
    CLIENT,
    SURVEY,
    NARRATIVE,
    EXPENDITURE,
    SPENDING,
    BUDGET,
    APPROPRIATION,
    REVENUE,
    LEDGER,
    PUBLISHED,
)


def form_by_id(form_id: str) -> Form:
    """The form of an id; KeyError for one that does not exist."""
    return {form.id: form for form in FORMS}[form_id]
