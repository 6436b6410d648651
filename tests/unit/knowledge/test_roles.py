"""Which role would offer a cmdlet: what is sure, what is possible, and how to see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.roles import cmdlet_in, joining, not_offered, roles_offering, seeing_roles


@pytest.mark.parametrize(
    ("cmdlet", "roles"),
    [
        ("Get-CsUser", ("CsAdministrator", "CsViewOnlyAdministrator", "CsHelpDesk", "CsUserAdministrator")),
        ("get-cseffectivepolicy", ("CsAdministrator", "CsViewOnlyAdministrator", "CsHelpDesk", "CsUserAdministrator")),
        ("Get-CsPool", ("CsAdministrator", "CsViewOnlyAdministrator", "CsServerAdministrator")),
        ("Test-CsMcxP2PIM", ("CsAdministrator", "CsServerAdministrator")),
        ("Grant-CsMobilityPolicy", ("CsAdministrator",)),
    ],
)
def test_the_roles_by_their_descriptions(cmdlet: str, roles: tuple[str, ...]) -> None:
    assert roles_offering(cmdlet) == roles


def test_what_is_only_possible_is_worded_so() -> None:
    sentence = not_offered("Get-CsPool")
    assert "CsAdministrator offers it, and CsViewOnlyAdministrator and CsServerAdministrator may" in sentence
    assert "unless this version of the server has no such cmdlet" in sentence
    assert seeing_roles("Get-CsPool") in sentence


def test_the_pattern_ends_with_the_word() -> None:
    assert seeing_roles("Get-CsUser") == r"Get-CsAdminRole | Where-Object {$_.Cmdlets -match 'Get-CsUser\b'}"
    assert "'O''Brien" in seeing_roles("O'Brien")


@pytest.mark.parametrize(
    ("message", "cmdlet"),
    [
        ("The term 'Get-CsUser' is not recognized as the name of a cmdlet.", "Get-CsUser"),
        ("Le terme «Test-CsMcxP2PIM» n'est pas reconnu comme nom d'applet de commande.", "Test-CsMcxP2PIM"),
        ('Die Benennung "Get-CsPool" wurde nicht als Name eines Cmdlet erkannt.', "Get-CsPool"),
        ("The term 'Get-ChildItem' is not recognized.", ""),
        ("", ""),
    ],
)
def test_the_cmdlet_is_read_from_the_error_in_any_language(message: str, cmdlet: str) -> None:
    assert cmdlet_in(message) == cmdlet
    assert not_offered(cmdlet)


def test_a_role_is_a_group() -> None:
    assert joining("CsHelpDesk", "kenmyer") == "Add-ADGroupMember -Identity CsHelpDesk -Members kenmyer"


@given(st.text())
def test_no_text_is_too_strange(message: str) -> None:
    found = cmdlet_in(message)
    assert found in message
    assert not_offered(found).isprintable()
