"""Commands that are carried out in the lab change it as they would change a deployment, or fail in PowerShell's words."""

import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from lab import mending, scenarios
from lab.client import LabFailed, start
from lab.listening import ports_of
from lab.mending import CannotMend, mend
from lab.model import (
    DOMAIN,
    EDGE,
    MCX,
    POOL,
    UCWA,
    WEB,
    WEB_TICKET,
    Model,
    default_users,
)


def changed(*names: str) -> Model:
    """The model after these scenarios."""
    model = Model(addresses={"pool": "127.0.0.2", "reverse-proxy": "127.0.0.3"})
    for name in names:
        scenarios.get(name).change(model)
    return model


PUBLIC = {"ComputerName": "<public name server>"}
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("healthy", "Set-CsMobillityPolicy", {}, "is not recognized as the name of a cmdlet"),
    ("healthy", "Set-CsMobilityPolicy", {"EnableMobillity": True}, "matches parameter name 'EnableMobillity'"),
    ("healthy", "Set-CsMobilityPolicy", {"Identity": "Site:Atlantis", "EnableMobility": True}, "Site:Atlantis"),
    ("healthy", "Set-CsMobilityPolicy", {"Identity": "Global"}, "no parameter was specified"),
    ("healthy", "Set-CsWebServiceConfiguration", {"UseWindowsAuth": "Kerberos"}, "Negotiate"),
    ("healthy", "Set-CsUser", {"Identity": "sip:nobody@contoso.com", "Enabled": True}, "Management object not found"),
    ("healthy", "Set-CsUser", {"Enabled": True}, "missing mandatory parameters: Identity"),
    ("healthy", "Enable-CsUser", {"Identity": "pilar", "RegistrarPool": POOL, "SipAddress": "sip:x@y.z"}, "already"),
    ("user-without-pool", "Move-CsUser", {"Identity": "kenmyer", "Target": "old.litwareinc.com"}, "old.litwareinc.com"),
    ("healthy", "Grant-CsMobilityPolicy", {"Identity": "pilar", "PolicyName": "Nobody's"}, "not a user policy"),
    ("healthy", "Start-CsWindowsService", {"Name": "RTCSRV", "ComputerName": "old.litwareinc.com"}, "Cannot open"),
    ("healthy", "Start-CsWindowsService", {"Name": "RTCMEETING"}, "Cannot find any service"),
    ("xmpp-proxy-disabled", "Start-Service", {"DisplayName": "*XMPP Translating Gateway Proxy*"}, "disabled"),
    ("application-pool-stopped", "Restart-WebAppPool", {"Name": "CSExtMcxAppPool"}, "start stopped object"),
    ("healthy", "Start-WebAppPool", {"Name": "CSExtMcx"}, "IIS:\\AppPools\\CSExtMcx"),
    ("healthy", "Set-CsSite", {"Identity": "Redmond", "XmppFederationRoute": "EdgeServer:old.x"}, "in the topology"),
    ("healthy", "Stop-Process", {"Id": 4}, "process identifier 4"),
    ("healthy", "Set-CsCertificate", {"Type": "Default", "Thumbprint": "<thumbprint>"}, "Cannot find a certificate"),
    ("healthy", "Import-CsCertificate", {"Path": "<file that the CA sent>"}, "Cannot find the file"),
    ("healthy", "Request-CsCertificate", {"New": True, "Type": "Default"}, "certification authority"),
    ("healthy", "New-CsXmppAllowedPartner", {"Identity": "fabrikam.com"}, "already exists"),
    ("healthy", "Set-CsXmppAllowedPartner", {"Identity": "contoso.com", "SaslNegotiation": "Optional"}, "contoso.com"),
    ("healthy", "Add-DnsServerResourceRecordCName", {"ZoneName": DOMAIN, "Name": "lyncweb", "HostNameAlias": "x"}, "alias"),
    ("healthy", "Remove-DnsServerResourceRecord", {"ZoneName": DOMAIN, "Name": "x", "RRType": "A"}, "Failed to get"),
    ("healthy", "Remove-DnsServerResourceRecord", {"ComputerName": "dc01", "ZoneName": DOMAIN, "Name": "lyncweb",
     "RRType": "A"}, "on server dc01"),
]  # fmt: skip


@pytest.mark.parametrize(("scenario", "cmdlet", "parameters", "says"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_done_is_said_and_nothing_has_changed(
    scenario: str, cmdlet: str, parameters: dict[str, Any], says: str
) -> None:
    model = changed(scenario)
    before = repr(model)
    with pytest.raises(CannotMend) as refusal:
        mend(model, cmdlet, parameters)
    assert says in str(refusal.value)
    assert repr(model) == before


def test_the_zone_of_the_inside_is_meant_unless_another_server_is_named() -> None:
    """A record for the Internet that is entered at a domain controller is seen by nobody there."""
    record = {"ZoneName": DOMAIN, "Name": "new", "HostNameAlias": WEB}
    model = changed()
    mend(model, "Add-DnsServerResourceRecordCName", record)
    assert (f"new.{DOMAIN}" in model.names["inside"], f"new.{DOMAIN}" in model.names["outside"]) == (True, False)
    mend(model, "Add-DnsServerResourceRecordCName", PUBLIC | record)
    assert model.names["outside"][f"new.{DOMAIN}"].alias == WEB


def test_a_new_partner_has_the_defaults_of_the_cmdlet() -> None:
    model = changed("xmpp-no-partner-allowed")
    mend(model, "New-CsXmppAllowedPartner", {"Identity": "fabrikam.com"})
    (partner,) = model.xmpp.allowed_partners
    assert (partner.tls, partner.sasl, partner.partner_type) == ("Required", "Required", "PublicUnverified")


def test_settings_of_a_wider_scope_mend_nothing_where_the_pool_has_its_own() -> None:
    model = changed("sign-in-nothing-enabled-for-pool")
    ticket = model.external_site.directories[WEB_TICKET]
    for scope, offered in (("Global", []), (f"Service:WebServer:{POOL}", ["Negotiate", "NTLM"])):
        mend(model, "Set-CsWebServiceConfiguration", {"Identity": scope, "UseWindowsAuth": "Negotiate"})
        assert ticket.challenges == offered, scope


def test_a_restart_brings_back_what_is_stuck_and_leaves_what_is_configured() -> None:
    model = changed("silent", "ucwa-configuration-locked", "autodiscover-forbidden")
    configured = model.external_site.directories[UCWA]
    mend(model, "iisreset", {})
    assert not model.external_site.directories[MCX].hangs
    assert model.external_site.directories[UCWA] is configured
    assert any(each.page.status == 403 for path, each in model.external_site.directories.items() if "root" in path)


def test_what_runs_is_not_started_again() -> None:
    """The port that a service did not open stays closed until it is restarted."""
    model = changed("port-registrar-closed")
    mend(model, "Start-CsWindowsService", {"Name": "RTCSRV"})
    assert ports_of(model, "pool")[5061] == "drop"
    mend(model, "Restart-Service", {"Name": "RTCSRV"})
    assert ports_of(model, "pool")[5061] == "open"


def test_the_edge_presents_a_certificate_once_its_services_have_been_restarted() -> None:
    model = changed("xmpp-edge-certificate-expired")
    request = {
        "New": True,
        "Type": "AccessEdgeExternal",
        "DomainName": DOMAIN,
        "ClientEKU": True,
        "Output": "C:\\x.req",
    }
    mend(model, "Request-CsCertificate", request)
    mend(model, "Import-CsCertificate", {"Path": "<file that the CA sent>"})
    mend(model, "Set-CsCertificate", {"Type": "AccessEdgeExternal", "Thumbprint": "<thumbprint>"})
    assert model.xmpp.edge.certificate.ends < 0
    mend(model, "Stop-CsWindowsService", {})
    assert not ports_of(model, "edge-external").keys() & {5061, 5269}
    mend(model, "Start-CsWindowsService", {})
    assert model.xmpp.edge.certificate.ends > 0
    assert ports_of(model, "edge-external").keys() >= {5061, 5269}
    assert not model.computer(EDGE).standing_still


@pytest.mark.parametrize("fault", ["expired", "assigned-expired", "assigned-bare-domain-missing"])
def test_a_certificate_that_was_never_requested_is_not_assigned_in_place_of_the_bad_one(fault: str) -> None:
    """The order of the commands matters: without a new certificate the Edge is assigned the one that it has."""
    model = changed(f"xmpp-edge-certificate-{fault}")
    bad = model.xmpp.edge_certificate or model.xmpp.edge.certificate
    mend(model, "Set-CsCertificate", {"Type": "AccessEdgeExternal", "Thumbprint": "<thumbprint>"})
    mend(model, "Stop-CsWindowsService", {})
    mend(model, "Start-CsWindowsService", {})
    assert model.xmpp.edge_certificate == model.xmpp.edge.certificate == bad


def test_a_list_is_edited_or_replaced() -> None:
    model = changed()
    partner = {"Identity": "fabrikam.com"}
    for change, held in [
        ({"Add": ["a.example", "b.example"]}, ["a.example", "b.example"]),
        ({"Remove": "a.example"}, ["b.example"]),
        (["c.example"], ["c.example"]),
    ]:
        mend(model, "Set-CsXmppAllowedPartner", partner | {"AdditionalDomains": change})
        assert model.xmpp.allowed_partners[0].additional_domains == held


def test_the_pools_own_test_users_can_be_named_or_left_to_be_filled_in() -> None:
    model = changed()
    command = {
        "Identity": POOL,
        "FirstTestUserSipUri": "sip:<test user>@<domain>",
        "SecondTestUserSipUri": "sip:a@b.example",
    }
    mend(model, "New-CsHealthMonitoringConfiguration", command)
    assert model.transactions.test_users[POOL] == (default_users()[0].sip, "sip:a@b.example")


def test_each_cmdlet_is_there_once() -> None:
    names = [name.lower() for name in mending.cmdlets()]
    assert len(names) == len(set(names))


@pytest.mark.lab
async def test_a_running_lab_listens_again_once_it_is_mended_until_it_becomes_another() -> None:
    async with start("web-server-stopped") as running:
        trusted = ssl.create_default_context(cafile=Path(running.connection.ca_file))
        host = running.connection.addresses["pool"]
        address = f"https://{host}:{running.connection.https_port}{MCX}"

        async def answers() -> bool:
            headers, extensions = {"Host": POOL}, {"sni_hostname": POOL}
            async with httpx.AsyncClient(verify=trusted) as client:
                try:
                    return (await client.get(address, headers=headers, extensions=extensions)).is_success
                except httpx.ConnectError:
                    return False

        assert not await answers()
        said = await running.control("mend", cmdlet="Start-CsWindowsService", parameters={"Name": "W3SVC"})
        assert POOL in said
        assert await answers()
        with pytest.raises(LabFailed, match="is not recognized"):
            await running.control("mend", cmdlet="Format-Volume", parameters={})
        await running.control("change", scenarios=["web-server-stopped"])
        assert not await answers()
