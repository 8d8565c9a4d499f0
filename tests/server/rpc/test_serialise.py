"""Answers as JSON and XML."""

import json
from xml.etree import ElementTree

from koutu.errors import SignatureDoesNotMatch, TooLarge
from koutu.server.rpc.serialise import failure, success

_DATA = {"Data": {"Elements": [{"Name": "a<b&", "X": 1}, {"Name": "中", "X": 2}], "Flag": True}}


def test_json_success() -> None:
    response = success("ParseFace", "ID", _DATA, xml=False)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json;charset=utf-8"
    assert response.headers["x-acs-request-id"] == "ID"
    assert json.loads(response.body) == {"RequestId": "ID", **_DATA}


def test_xml_success_repeats_the_tag_of_a_list() -> None:
    response = success("ParseFace", "ID", _DATA, xml=True)
    assert response.headers["content-type"] == "text/xml;charset=utf-8"
    root = ElementTree.fromstring(bytes(response.body))
    assert root.tag == "ParseFaceResponse"
    assert root.findtext("RequestId") == "ID"
    assert [(e.findtext("Name"), e.findtext("X")) for e in root.findall("Data/Elements")] == [("a<b&", "1"), ("中", "2")]
    assert root.findtext("Data/Flag") == "true"


def test_an_empty_list_has_no_tag_in_xml() -> None:
    response = success("SegmentFace", "ID", {"Data": {"Elements": []}}, xml=True)
    data = ElementTree.fromstring(bytes(response.body)).find("Data")
    assert data is not None
    assert len(data) == 0


def test_json_error() -> None:
    response = failure(TooLarge("too many bytes"), "ID", host="h:1", recommend="http://docs/x", xml=False)
    assert response.status_code == 400
    assert json.loads(response.body) == {
        "RequestId": "ID",
        "HostId": "h:1",
        "Code": "InvalidParameter.TooLarge",
        "Message": "too many bytes",
        "Recommend": "http://docs/x",
    }


def test_xml_error_survives_characters_that_xml_has_no_place_for() -> None:
    response = failure(SignatureDoesNotMatch("a\x01b\ud800c: <x>"), "ID", host="h", recommend="", xml=True)
    root = ElementTree.fromstring(bytes(response.body))
    assert root.tag == "Error"
    assert root.findtext("Code") == "SignatureDoesNotMatch"
    assert root.findtext("Message") == "a\ufffdb\ufffdc: <x>"


def test_json_survives_half_a_surrogate_pair() -> None:
    response = failure(TooLarge("a\ud800b"), "ID", host="h", recommend="", xml=False)
    assert json.loads(response.body)["Message"] == "a?b"
