"""The dialback key, against the two examples of XEP-0220."""

import pytest

from checks.knowledge.xmpp.dialback import key


@pytest.mark.parametrize(
    ("secret", "receiving", "originating", "stream_id", "expected"),
    [
        (
            "s3cr3tf0rd14lb4ck",
            "montague.example",
            "capulet.example",
            "D60000229F",
            "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3",
        ),
        (
            "d14lb4ck43v3r",
            "capulet.example",
            "montague.example",
            "417GAF25",
            "225cc5aa6a071133249d25fef42ae516fc7a86c523aa1c6980a7f73e784c972d",
        ),
    ],
)
def test_the_examples_of_the_standard(
    secret: str, receiving: str, originating: str, stream_id: str, expected: str
) -> None:
    assert key(secret, receiving, originating, stream_id) == expected
    assert key(secret, originating, receiving, stream_id) != expected
    assert key(secret + " ", receiving, originating, stream_id) != expected
