import pytest
from hypothesis import given
from hypothesis import strategies as st

from koutu.contract import ACTIONS
from koutu.contract.parameters import parse_parameters
from koutu.errors import Convert, InvalidParameter, KoutuError, MissingImageURL, MissingParameter

URL = "http://example.com/a.jpg"


def test_types_come_from_the_contract():
    body = ACTIONS["SegmentBody"]
    assert parse_parameters(body, {"ImageURL": URL, "Async": "TRUE"}) == {"ImageURL": URL, "Async": True}


def test_lists_are_in_the_order_of_their_numbers():
    wire = {"ImageURL": URL, "ClothClass.10": "hat", "ClothClass.2": "tops", "ClothClass.x": "bag"}
    assert parse_parameters(ACTIONS["SegmentCloth"], wire)["ClothClass"] == ("tops", "hat")


def test_what_the_contract_does_not_name_is_passed_over():
    assert parse_parameters(ACTIONS["SegmentSky"], {"ImageURL": URL, "Colour": "blue"}) == {"ImageURL": URL}


@pytest.mark.parametrize(
    ("action", "wire", "error"),
    [
        ("SegmentSky", {}, MissingImageURL),
        ("SegmentSky", {"ImageURL": ""}, MissingImageURL),
        ("SegmentSky", {"imageurl": URL}, MissingImageURL),
        ("ChangeSky", {"ImageURL": URL}, MissingImageURL),
        ("GetAsyncJobResult", {}, MissingParameter),
        ("SegmentBody", {"ImageURL": URL, "Async": "yes"}, Convert),
        ("SegmentCloth", {"ImageURL": URL, "OutMode": "one"}, Convert),
        ("SegmentCloth", {"ImageURL": URL, "OutMode": "1_0"}, Convert),
        ("SegmentCloth", {"ImageURL": URL, "OutMode": "9" * 5000}, Convert),
        ("SegmentCloth", {"ImageURL": URL, "ClothClass.1": "socks"}, InvalidParameter),
    ],
)
def test_bad_values_are_refused(action, wire, error):
    with pytest.raises(error) as caught:
        parse_parameters(ACTIONS[action], wire)
    assert type(caught.value) is error


@given(st.sampled_from(sorted(ACTIONS)), st.dictionaries(st.text(max_size=20), st.text(max_size=40)))
def test_any_strings_give_parameters_or_a_clear_error(name, wire):
    required = [p for p in ACTIONS[name].params.values() if p.required]
    if any(not wire.get(p.name) for p in required):
        with pytest.raises(KoutuError) as caught:
            parse_parameters(ACTIONS[name], wire)
        assert caught.value.status == 400
    else:
        assert {p.name for p in required} <= parse_parameters(ACTIONS[name], wire).keys()
