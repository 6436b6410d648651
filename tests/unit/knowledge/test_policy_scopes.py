"""Which policy applies: the nearest scope wins, and nothing is guessed where the nearest was not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.policy_scopes import MOBILITY, Assignment, Unclear, applying, called, scope

KEN = "sip:kenmyer@litwareinc.com"
ALL = ("Global", "Site:Redmond", "Tag:Sales")


@pytest.mark.parametrize(
    ("changed", "identities", "expected"),
    [
        ({}, ("Global",), "Global"),
        ({"site": "redmond"}, ALL, "Site:Redmond"),
        ({"assigned": "sales", "site": "Redmond"}, ALL, "Tag:Sales"),
        ({"effective": "Sales", "assigned": "Sales"}, ALL, "Tag:Sales"),
        ({"effective": "Redmond"}, ALL, "Site:Redmond"),
        ({"effective": "Global"}, ALL, "Global"),
        ({}, ALL, "Get-CsPool"),
        ({"shown": False}, ALL, "Get-CsEffectivePolicy"),
        ({"assigned": "Gone"}, ALL, "Get-CsEffectivePolicy"),
        ({"assigned": "Sales", "effective": "Global"}, ALL, "Get-CsEffectivePolicy"),
        ({"effective": "Gone"}, ALL, "Get-CsMobilityPolicy"),
        ({"site": "Redmond"}, ("Tag:Sales",), "Get-CsMobilityPolicy"),
        ({"site": "Redmond"}, ("Global", "Site:Redm"), "Get-CsMobilityPolicy"),
    ],
)
def test_the_policy_that_applies_or_the_cmdlet_that_would_tell(
    changed: dict[str, object], identities: tuple[str, ...], expected: str
) -> None:
    found = applying(MOBILITY, Assignment(sip=KEN, **changed), identities, partial=False)  # type: ignore[arg-type]
    assert (found.cmdlet if isinstance(found, Unclear) else found) == expected


NAMES = st.sampled_from(["", "Sales", "Redmond", "Global", "Gone"])


@given(NAMES, NAMES, st.sampled_from(["", "Redmond"]), st.sets(st.sampled_from(ALL)), st.booleans())
def test_what_applies_is_always_one_of_those_listed(
    assigned: str, effective: str, site: str, identities: set[str], partial: bool
) -> None:
    assignment = Assignment(sip=KEN, assigned=assigned, effective=effective, site=site)
    found = applying(MOBILITY, assignment, sorted(identities), partial=partial)
    assert isinstance(found, Unclear) or found in identities


def test_a_policy_is_named_by_its_scope() -> None:
    assert [scope(identity) for identity in ALL] == ["global", "site", "user"]
    assert [called(identity) for identity in ALL] == ["the global policy", "the policy of the site Redmond", "Sales"]
