"""Every promise of the contract, asked for over the wire: each parameter, each return form, each error code of each action.

The rows are made from the contract; docs/coverage.md is the table of them and of these tests.
"""

import io
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from contract_rows import Row, rows
from PIL import Image

from koutu import errors
from koutu.contract import ACTIONS, ERRORS, Form

ROWS = rows()
PNG_MODES = {Form.RGBA: "RGBA", Form.CROP: "RGBA", Form.WHITE: "RGB", Form.MASK: "L", Form.RGB: "RGB", Form.LABELS: "P"}
CLASSES = {error.code: name for name, error in vars(errors).items() if isinstance(error, type) and "code" in vars(error)}
RAISED = {"InvalidParameter.Unsuitable"}


def of(kind: str, *, own: bool = True) -> list[Row]:
    return [row for row in ROWS if row.kind == kind and (row.action != "(any)") == own]


@pytest.fixture
def raising(server: Any) -> Iterator[Any]:
    """Has the vision raise the error of a code."""

    def arm(code: str) -> None:
        (server.folder / "raise").write_text(CLASSES[code])

    yield arm
    (server.folder / "raise").unlink(missing_ok=True)


def result(server: Any, action: str, body: dict[str, Any]) -> dict[str, Any]:
    """The Data of a call, after the job's end where it is one."""
    if ACTIONS[action].asynchronous != "always":
        data: dict[str, Any] = body["Data"]
        return data
    assert body["Message"]
    return job(server, body["RequestId"])


def job(server: Any, job_id: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        data = server.call("GetAsyncJobResult", JobId=job_id).json()["Data"]
        if data["Status"] not in ("QUEUING", "PROCESSING"):
            assert data["Status"] == data["status"]
            if data["Status"] == "PROCESS_SUCCESS":
                outcome: dict[str, Any] = json.loads(data["Result"])
                return outcome
            return {"Code": data["ErrorCode"], "Message": data["ErrorMessage"]}
        time.sleep(0.05)
    raise AssertionError("the job did not end")


@pytest.mark.parametrize("row", of("parameter"), ids=str)
def test_parameter(row: Row, server: Any) -> None:
    contract = ACTIONS[row.action]
    parameter = contract.params[row.name]
    given = server.images(row.action)
    match parameter.kind:
        case "image":
            answer = server.call(row.action, **given)
            assert answer.status_code == 200, answer.text
            result(server, row.action, answer.json())
            assert server.seen()["action"] == row.action
            assert len(server.seen()["images"]) == len(contract.images)
            for value in ("", None):
                rest = {name: url for name, url in given.items() if name != row.name}
                refused = server.call(row.action, **rest, **({row.name: value} if value is not None else {}))
                assert refused.json()["Code"] == "MissingImageURL"
                assert row.name in refused.json()["Message"]
        case "boolean":
            answer = server.call(row.action, **given, **{row.name: "true"}).json()
            assert "Data" not in answer
            assert contract.result.url in job(server, answer["RequestId"])
            assert "Data" in server.call(row.action, **given, **{row.name: "False"}).json()
        case "integer":
            assert server.call(row.action, **given, **{row.name: "1"}).status_code == 200
            assert server.seen()["options"]["out_mode"] == 1
        case "choice" if parameter.list:
            listed = {f"{row.name}.{number}": choice for number, choice in enumerate(parameter.choices, 1)}
            assert server.call(row.action, **given, **listed).status_code == 200
            assert server.seen()["options"]["cloth_class"] == list(parameter.choices)
            # Where classes are asked for, an element says which it is.
            for answer, further in (
                (server.call(row.action, **given, **listed), {"ClassUrl"}),
                (server.call(row.action, **given), set()),
            ):
                for element in answer.json()["Data"]["Elements"]:
                    assert set(element) == {"ImageURL"} | further
                    assert element.get("ClassUrl", {}) == ({"tops": element["ImageURL"]} if further else {})
        case "choice":
            for spelling in (*contract.forms, "anything"):
                assert server.call(row.action, **given, **{row.name: spelling}).status_code == 200
        case "string":
            assert server.call(row.action).json()["Code"] == "MissingParameter"
            assert server.call(row.action, **{row.name: "none"}).json()["Code"] == "InvalidParameter"


@pytest.mark.parametrize("row", of("form"), ids=str)
def test_form(row: Row, server: Any) -> None:
    contract = ACTIONS[row.action]
    wire_form = {"(absent)": "", "(any other)": "MASK"}.get(row.name, row.name)
    params = {"ReturnForm": wire_form} if wire_form else {}
    data = result(server, row.action, server.call(row.action, **server.images(row.action), **params).json())
    entries = [data] if contract.result.shape == "image" else data["Elements"]
    assert entries
    for entry in entries:
        link = server.client.get(entry[contract.result.url])
        assert link.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(link.content)) as picture:
            assert picture.mode == PNG_MODES[contract.form(wire_form)]
            if contract.result.placed:
                assert picture.size == (entry["Width"], entry["Height"])
            elif contract.form(wire_form) is not Form.CROP:
                assert picture.size == (300, 240)
    answer = server.call(row.action, **server.images(row.action), **params, Format="XML")
    root = ET.fromstring(answer.content)
    assert root.tag == row.action + "Response"
    if contract.asynchronous != "always":
        assert len(root.findall("Data/Elements")) == (len(entries) if contract.result.shape == "elements" else 0)


@pytest.mark.parametrize("row", of("error"), ids=str)
def test_error(row: Row, server: Any, raising: Any) -> None:
    contract = ACTIONS[row.action]
    given = server.images(row.action)
    changes: dict[str, str] = {
        "MissingImageURL": dict.fromkeys(given, ""),
        "InvalidImage.URL": dict.fromkeys(given, "photo.png"),
        "IllegalUrlParameter": dict.fromkeys(given, "http://example.com/中.png"),
        "InvalidImage.Unsafe": dict.fromkeys(given, "http://10.0.0.1/photo.png"),
        "InvalidImage.Download": server.images(row.action, "absent.png"),
        "InvalidImage.Content": server.images(row.action, "text.png"),
        "InvalidImage.Resolution": server.images(
            row.action, "tiny.png" if contract.limits and contract.limits.min_side else "wide.png"
        ),
        "InvalidParameter.TooLarge": server.images(row.action, "long.png"),
        "InvalidParameter.Unsuitable": {},
        "MissingParameter": {},
        "InvalidParameter": {"ClothClass.1": "socks"} if "ClothClass" in contract.params else {"JobId": "none"},
        "InvalidParameter.Convert": {
            name: "maybe" for name, parameter in contract.params.items() if parameter.kind in ("boolean", "integer")
        },
    }[row.name]
    if row.name in RAISED:
        raising(row.name)
    for spelling in ("JSON", "XML"):
        answer = server.call(row.action, **{**given, **changes, "Format": spelling})
        # What can only be known once the file is there, an asynchronous call tells in its job.
        if answer.status_code == 200:
            assert contract.asynchronous == "always"
            root = None if spelling == "JSON" else ET.fromstring(answer.content)
            job_id = answer.json()["RequestId"] if root is None else str(root.findtext("RequestId"))
            failed = job(server, job_id)
            assert (failed["Code"], bool(failed["Message"])) == (row.name, True)
            continue
        assert answer.status_code == ERRORS[row.name].status
        if spelling == "XML":
            root = ET.fromstring(answer.content)
            assert (root.tag, root.findtext("Code")) == ("Error", row.name)
        else:
            assert answer.json()["Code"] == row.name
            assert answer.json()["Message"]
    kept = list((server.folder / "data" / "objects").rglob(f"*{answer.headers.get('x-acs-request-id', '-').lower()}*"))
    assert kept == []


@pytest.mark.parametrize("row", of("error", own=False), ids=str)
def test_any_error(row: Row, server: Any, raising: Any) -> None:
    """Whatever is raised behind the gateway gets its code, its status, and a page that says what to do."""
    raising(row.name)
    answer = server.call("SegmentCommonImage", **server.images("SegmentCommonImage"))
    assert answer.status_code == ERRORS[row.name].status
    body = answer.json()
    assert set(body) == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert body["Code"] == row.name
    page = server.client.get(body["Recommend"])
    assert page.status_code == 200
    assert row.name in page.text
    assert ERRORS[row.name].cure in page.text.replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<").replace(
        "&gt;", ">"
    )


def test_every_code_has_its_class() -> None:
    assert set(CLASSES) == set(ERRORS)
