import inspect
from importlib.resources import files

import pytest

import koutu
from koutu import errors
from koutu.contract import ACTIONS, ERRORS, Form


def test_all_22_actions_stand_in_the_contract():
    assert len(ACTIONS) == 22


def test_spellings_that_differ_from_the_rest():
    assert [p.name for p in ACTIONS["SegmentSkin"].images] == ["URL"]
    assert ACTIONS["SegmentSkin"].result.url == "URL"
    assert [p.name for p in ACTIONS["SegmentHDCommonImage"].images] == ["ImageUrl"]
    assert ACTIONS["SegmentHDCommonImage"].result.url == "ImageUrl"


@pytest.mark.parametrize("name", ["SegmentHead", "SegmentFace", "SegmentHair"])
def test_elements_with_a_place_are_cut_to_their_box(name):
    assert ACTIONS[name].result.placed


@pytest.mark.parametrize("name", ["SegmentFurniture", "SegmentCloth", "SegmentVehicle", "RefineMask", "ParseFace"])
def test_elements_without_a_place_keep_the_whole_canvas(name):
    assert ACTIONS[name].result.shape == "elements"
    assert not ACTIONS[name].result.placed


def test_a_return_form_that_the_contract_does_not_name_means_the_default():
    body = ACTIONS["SegmentBody"]
    assert body.form("whiteBK") is Form.WHITE
    assert body.form("whitebk") is Form.RGBA
    assert body.form(None) is Form.RGBA
    assert ACTIONS["SegmentHead"].form("crop") is Form.RGBA
    assert ACTIONS["SegmentSkin"].form("") is Form.MASK


def _error_classes():
    return [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.KoutuError)]


def test_every_error_code_has_exactly_one_class():
    own = [cls.code for cls in _error_classes() if "code" in vars(cls) and cls is not errors.KoutuError]
    assert sorted(own) == sorted(ERRORS)


def test_the_status_is_the_tables():
    assert errors.AccessKeyNotFound().status == 404
    assert errors.ServiceUnavailable().status == 503
    assert errors.ImageContent("x").message == "x"
    assert errors.ImageContent().message == ERRORS["InvalidImage.Content"].when


def test_every_function_of_the_library_is_an_action_that_can_be_run():
    by_function = {action.function: action for action in ACTIONS.values()}
    for name in koutu.__all__:
        function = getattr(koutu, name)
        if name in by_function:
            photos = [p for p in inspect.signature(function).parameters.values() if p.default is inspect.Parameter.empty]
            assert len(photos) == len(by_function[name].images)
            assert function.__doc__


def test_every_action_that_is_there_is_exported():
    there = {file.name.removesuffix(".py") for file in files("koutu.actions").iterdir() if file.name.endswith(".py")}
    functions = {action.function for action in ACTIONS.values()}
    assert there & functions <= set(koutu.__all__)
