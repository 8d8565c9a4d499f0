import pytest

from koutu.engine.cluster.groups import application, group_of
from koutu.errors import EnvironmentFault
from koutu.models import catalog
from koutu.settings import Settings


def test_every_model_has_a_group():
    groups = Settings().ray_groups
    found = {name: group_of(name, groups) for name in catalog()}
    assert found["isnet"] == "subjects"
    assert found["face_parser"] == "people"
    assert found["things_scene"] == "things"
    assert set(found.values()) == set(groups)
    assert application("people") == "koutu-people"


def test_the_first_match_counts_and_none_is_said():
    assert group_of("isnet", {"a": ("is*",), "b": ("*",)}) == "a"
    with pytest.raises(EnvironmentFault, match="takes the model isnet"):
        group_of("isnet", {"a": ("rvm",)})
