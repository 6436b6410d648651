"""Server dialback (XEP-0220): the key that proves that a domain's own server asks."""

import hashlib
import hmac


def key(secret: str, receiving: str, originating: str, stream_id: str) -> str:
    """The key as XEP-0220 recommends to make it, in lower case hexadecimal.

    `receiving` is the domain that the key is sent to, `originating` the one that it speaks for, `stream_id` the id that
    the receiving server gave the stream. All servers of one domain need the same `secret`.
    """
    digest = hashlib.sha256(secret.encode()).hexdigest()
    message = f"{receiving} {originating} {stream_id}"
    return hmac.new(digest.encode(), message.encode(), hashlib.sha256).hexdigest()
