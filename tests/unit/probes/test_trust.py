"""Which certificates are trusted, and what this machine's OpenSSL can do."""

import asyncio
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from checks.probes import Unanswered, trust
from checks.threads import in_thread


def test_the_system_store_and_the_users_file_are_both_trusted(authority: Any) -> None:
    context = trust.verifying(authority.ca_file)
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_folder_is_no_file_of_authorities(tmp_path: Path) -> None:
    found = trust.verifying(str(tmp_path))
    assert isinstance(found, Unanswered)
    assert tmp_path.name in found.detail


def test_old_protocols_are_found_out_without_a_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trust.can_speak_old_protocols() is True

    def today(newest: ssl.TLSVersion) -> ssl.SSLContext:
        context = trust.blind()
        context.maximum_version = newest  # today's security level leaves no cipher for it
        return context

    monkeypatch.setattr(trust, "blind_and_old", today)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        assert trust.can_speak_old_protocols() is False


@pytest.mark.parametrize(
    ("opening", "is_tls"),
    [
        (b"\x16\x03\x03\x00\x7a", True),
        (b"\x15\x03\x01", True),
        (b"\x16", True),
        (b"HTTP/1.1", False),
        (b"", False),
        (b"\x16\x00", False),
    ],
)
def test_a_tls_record_is_known_by_its_first_bytes(opening: bytes, is_tls: bool) -> None:
    assert trust.looks_like_tls(opening) is is_tls


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (b"HTTP/1.1 400 \r\nDate: today\r\n\r\n", "It speaks HTTP on that port, without TLS."),
        (b"220 mail.x ESMTP\r\n250 ok\r\n", "It answers, but not with TLS: 220 mail.x ESMTP"),
        (b"\r\n", "It answers, but not with TLS."),
        (b"\x1b[31mred" + b"x" * 200, f"It answers, but not with TLS: \N{REPLACEMENT CHARACTER}[31mred{'x' * 71}…"),
    ],
)
def test_what_is_no_tls_is_said_in_one_harmless_line(opening: bytes, said: str) -> None:
    assert trust.without_tls(opening) == said


async def test_a_thread_gives_its_result_or_its_error() -> None:
    assert await in_thread(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


async def test_a_waiter_does_not_wait_for_a_thread_that_hangs() -> None:
    release = threading.Event()
    task = asyncio.create_task(in_thread(release.wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "probe")
    assert thread.daemon
    release.set()
    await asyncio.to_thread(thread.join)
