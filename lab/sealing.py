"""Messages of WinRM over plain HTTP, encrypted by the keys of the sign-in: a MIME body of a header and the bytes.

The form is that of [MS-WSMV] 2.2.9.1.1.
"""

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spnego import ContextProxy

_BOUNDARY = b"--Encrypted Boundary\r\n"
_END = b"--Encrypted Boundary--\r\n"
_SPNEGO = "application/HTTP-SPNEGO-session-encrypted"
_ORIGINAL = "application/soap+xml;charset=UTF-8"
_TYPE = re.compile(rf'multipart/encrypted;\s*protocol="{_SPNEGO}";\s*boundary="Encrypted Boundary"\Z', re.IGNORECASE)
_LENGTH = re.compile(rb"OriginalContent: [^\r\n]{1,200};Length=(\d{1,8})\r\n", re.IGNORECASE)
_OCTETS = b"\tContent-Type: application/octet-stream\r\n"


class NotSealed(ValueError):
    """A message that is not encrypted, or not by the keys of this connection."""


def opened(context: "ContextProxy", content_type: str, body: bytes) -> bytes:
    """The message inside; NotSealed."""
    from spnego.exceptions import SpnegoError

    if not _TYPE.match(content_type.strip()) or not body.startswith(_BOUNDARY) or not body.endswith(_END):
        raise NotSealed
    header, boundary, rest = body[len(_BOUNDARY) : -len(_END)].partition(_BOUNDARY)
    length = _LENGTH.search(header)
    if not boundary or not length or not rest.startswith(_OCTETS):
        raise NotSealed
    data = rest[len(_OCTETS) :]
    try:
        (signature,) = struct.unpack_from("<i", data)
        message = context.unwrap_winrm(data[4 : 4 + signature], data[4 + signature :])
    except (SpnegoError, struct.error, ValueError):
        raise NotSealed from None
    if len(message) != int(length[1]):
        raise NotSealed
    return message


def sealed(context: "ContextProxy", message: bytes) -> tuple[str, bytes]:
    """The content type and the body that carry a message."""
    wrapped = context.wrap_winrm(message)
    length = len(message) + wrapped.padding_length
    head = f"\tContent-Type: {_SPNEGO}\r\n\tOriginalContent: type={_ORIGINAL};Length={length}\r\n".encode()
    data = struct.pack("<i", len(wrapped.header)) + wrapped.header + wrapped.data
    content_type = f'multipart/encrypted;protocol="{_SPNEGO}";boundary="Encrypted Boundary"'
    return content_type, _BOUNDARY + head + _BOUNDARY + _OCTETS + data + _END
