"""The HTTP proxy that this computer's own settings name for a web address: its environment, or on Windows the registry."""

import asyncio
import sys
import urllib.request
from urllib.parse import SplitResult, urlsplit

from checks.model import Reason
from checks.probes import Unanswered
from checks.text import clean
from checks.threads import in_thread

_PATIENCE = 5.0
"""Seconds. Whether Windows exempts a host may take a look into DNS."""


async def proxy_for(url: str) -> str | Unanswered:
    """`http://host:port` of the proxy, without the account that may stand in it; Unanswered where none is to be asked.

    That is so where none is named, where the host is exempt, and where a script chooses it, which is not run here.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            return await in_thread(lambda: _proxy_for(url))
    except TimeoutError:
        return Unanswered(reason=Reason.TIMEOUT, detail="This computer did not tell in time which proxy it uses.")


def _proxy_for(url: str) -> str | Unanswered:
    try:
        host, scheme = urlsplit(url).hostname or "", urlsplit(url).scheme
    except ValueError:
        return Unanswered(reason=Reason.MISSING_INPUT, detail=f"{clean(url, 200)} is not a web address.")
    proxies = urllib.request.getproxies_environment()
    if not proxies:
        if script := _script():
            return _not_asked(
                f"This computer takes its proxy from the script {clean(script, 200)}, which is not run here."
            )
        proxies = urllib.request.getproxies()
    named = proxies.get(scheme) or proxies.get("all")
    if not named:
        return _not_asked("This computer's settings name no HTTP proxy, so there is no way but the direct one.")
    if urllib.request.proxy_bypass(host):
        return _not_asked(f"This computer's settings exempt {clean(host, 200)} from its HTTP proxy.")
    return _address(named)


def _address(named: str) -> str | Unanswered:
    try:
        parts = urlsplit(named if "://" in named else f"http://{named}")
        port = parts.port or 80
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), 0
    if parts.scheme.lower() != "http" or not parts.hostname:
        # What it says is not repeated: there may be a password in it.
        return _not_asked(
            "This computer's settings name a proxy that is no plain HTTP proxy; such a one is not asked here."
        )
    return f"http://[{parts.hostname}]:{port}" if ":" in parts.hostname else f"http://{parts.hostname}:{port}"


def _script() -> str:
    """The address of the script that Windows takes its proxy from; empty where it does not."""
    if sys.platform != "win32":
        return ""
    import winreg

    settings = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, settings) as key:
            return str(winreg.QueryValueEx(key, "AutoConfigURL")[0])
    except OSError:
        return ""


def _not_asked(detail: str) -> Unanswered:
    return Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail=detail)
