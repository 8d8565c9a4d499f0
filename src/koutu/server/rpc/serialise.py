"""Answers as JSON or XML, exactly as the contract spells them."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from starlette.responses import Response

from koutu.errors import KoutuError, Throttling

# XML 1.0 has no place for other control characters, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def success(action: str, request_id: str, answer: Mapping[str, Any], *, xml: bool) -> Response:
    """A call's answer; `answer` is what stands beside RequestId."""
    return _respond({"RequestId": request_id, **answer}, f"{action}Response", 200, xml)


def failure(error: KoutuError, request_id: str, *, host: str, recommend: str, xml: bool) -> Response:
    """An error's answer; `recommend` is where the error is explained."""
    body = {
        "RequestId": request_id,
        "HostId": host,
        "Code": error.code,
        "Message": error.message,
        "Recommend": recommend,
    }
    if isinstance(error, Throttling) and error.retry_after_ms:
        body["Recommend"] = f"Call again in {error.retry_after_ms} ms. {recommend}"
    response = _respond(body, "Error", error.status, xml)
    if isinstance(error, Throttling) and error.retry_after_ms:
        response.headers["x-acs-retry-after"] = str(error.retry_after_ms)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def to_xml(root: str, body: Mapping[str, Any]) -> bytes:
    """A document; a list is its tag repeated."""
    element = ElementTree.Element(root)
    _fill(element, body)
    document: bytes = ElementTree.tostring(element, encoding="UTF-8", xml_declaration=True)
    return document


def _respond(body: Mapping[str, Any], root: str, status: int, xml: bool) -> Response:
    headers = {"x-acs-request-id": body["RequestId"]}
    if xml:
        return Response(to_xml(root, body), status, headers, media_type="text/xml;charset=utf-8")
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, headers, media_type="application/json;charset=utf-8")


def _fill(parent: ElementTree.Element, body: Mapping[str, Any]) -> None:
    for tag, value in body.items():
        for item in value if isinstance(value, list) else [value]:
            child = ElementTree.SubElement(parent, tag)
            if isinstance(item, Mapping):
                _fill(child, item)
            else:
                child.text = _NOT_XML.sub("\ufffd", _text(item))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
