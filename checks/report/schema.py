"""The JSON Schema of the JSON report. `python -m checks.report.schema > docs/report.schema.json` writes it anew."""

import sys
from typing import Any

import msgspec

from checks.report import Report


def schema() -> dict[str, Any]:
    """The schema, made from the report's own types."""
    made = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A report of lyncdoctor", **made}


def schema_text() -> str:
    """The schema as it is committed."""
    return msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
