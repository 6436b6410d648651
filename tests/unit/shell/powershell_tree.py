"""PowerShell as a tree, parsed by somebody else's grammar."""

import re
from collections.abc import Iterator
from typing import Any

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))
QUOTES = "'\u2018\u2019\u201a\u201b"
"""All of them end a string in single quotes, and two of them stand for one."""


def parse(text: str) -> Node:
    """The tree; AssertionError where the text is no PowerShell."""
    root = _PARSER.parse(text.encode()).root_node
    wrong = [node for node in nodes(root) if node.is_error or node.is_missing]
    assert not wrong, [(node.start_point, said(node)[:80]) for node in wrong]
    return root


def nodes(root: Node, *types: str) -> Iterator[Node]:
    """The nodes of these types, or all."""
    left = [root]
    while left:
        node = left.pop()
        if not types or node.type in types:
            yield node
        left += reversed(node.children)


def said(node: Node) -> str:
    return (node.text or b"").decode()


def assigned(root: Node, variable: str) -> Any:
    """The data that a script gives to a variable."""
    [value] = [
        node.named_children[-1]
        for node in nodes(root, "assignment_expression")
        if said(node.named_children[0]) == variable
    ]
    return data(value)


def data(node: Node) -> Any:
    """What an expression of literals stands for; AssertionError for anything else."""
    match node.type:
        case "string_literal":
            return string(said(node))
        case "variable":
            return {"$True": True, "$False": False, "$Null": None}[said(node)]
        case "integer_literal":
            return int(said(node))
        case "hash_literal_expression":
            entries = [entry for entry in nodes(node, "hash_entry") if _hash_of(entry) == node]
            return {data(entry.named_children[0]): data(entry.named_children[1]) for entry in entries}
        case "array_expression":
            lists = [each for each in nodes(node, "array_literal_expression") if each.named_child_count]
            return [data(child) for child in lists[0].named_children] if lists else []
    children = node.named_children
    assert len(children) == 1, f"{node.type}: {said(node)}"
    return data(children[0])


def string(literal: str) -> str:
    """The text of a string in single quotes, by PowerShell's own rule; AssertionError where it ends before its end."""
    inside = re.fullmatch(f"'((?:[^{QUOTES}]|[{QUOTES}]{{2}})*)'", literal, re.DOTALL)
    assert inside, literal
    return re.sub(f"[{QUOTES}]([{QUOTES}])", r"\1", inside.group(1))


def _hash_of(entry: Node) -> Node:
    above = entry.parent
    while above is not None and above.type != "hash_literal_expression":
        above = above.parent
    assert above is not None
    return above
