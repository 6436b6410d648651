"""Ways in which bytes are damaged on the way."""

from dataclasses import dataclass

from hypothesis import strategies as st

_TELLING = (b"", b"\x00", b"<", b"</Obj>", b"&x;", b"\xff\xff\xff\xff", b"-1", b"9" * 40, b'"', b"]]>", b"\xf0\x28")


@dataclass(frozen=True)
class Damage:
    """One of them; `place` and `length` are thousandths of the whole."""

    kind: str
    place: int
    length: int
    data: bytes

    def of(self, content: bytes) -> bytes:
        """The content, damaged so."""
        begin = len(content) * self.place // 1000
        end = begin + max(1, len(content) * self.length // 1000)
        match self.kind:
            case "cut":
                return content[:begin]
            case "remove":
                return content[:begin] + content[end:]
            case "double":
                return content[:end] + content[begin:]
            case "insert":
                return content[:begin] + self.data + content[begin:]
            case "overwrite":
                return content[:begin] + self.data + content[begin + len(self.data) :]
        return self.data


def damages() -> st.SearchStrategy[Damage]:
    """Any damage."""
    return st.builds(
        Damage,
        kind=st.sampled_from(["cut", "remove", "double", "insert", "overwrite", "replace"]),
        place=st.integers(0, 1000),
        length=st.integers(0, 300),
        data=st.sampled_from(_TELLING) | st.binary(max_size=60),
    )
