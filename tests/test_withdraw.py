"""A withdrawal is somebody's word: it has a name, a reason and a hash."""

import pytest

from tasks.withdraw import withdraw
from tests.conftest import MakeWorld

SHA256 = "0" * 64


@pytest.mark.parametrize(
    ("sha256", "by", "why"), [(SHA256, "", "二重"), (SHA256, "経理", ""), ("abc", "経理", "二重")]
)
def test_a_withdrawal_without_a_name_a_reason_or_a_hash_is_no_decision(
    make_world: MakeWorld, sha256: str, by: str, why: str
) -> None:
    world = make_world()
    with pytest.raises(ValueError, match="ください"):
        withdraw(world, sha256, by, why)
    assert not world.home.journal.exists()


def test_a_withdrawal_of_a_form_that_does_not_exist_is_no_decision(make_world: MakeWorld) -> None:
    world = make_world()
    with pytest.raises(ValueError, match=r"様式「実績」はありません。performance、"):
        withdraw(world, SHA256, "経理", "二重", "実績")
    assert not world.home.journal.exists()
