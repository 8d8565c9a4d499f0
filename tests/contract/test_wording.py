"""Every name and sentence of the contract is there in both languages."""

from dataclasses import fields

import pytest

from koutu.contract import ACTIONS, ERRORS
from koutu.contract.wording import LANGUAGES, Language, Wording, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_covers_the_contract(language: Language) -> None:
    words = wording(language)
    actions = ACTIONS.values()
    assert words.titles.keys() == words.purposes.keys() == ACTIONS.keys()
    assert words.causes.keys() == words.cures.keys() == ERRORS.keys()
    assert words.families.keys() >= {action.family for action in actions}
    assert words.parameters.keys() >= {name for action in actions for name in action.params}
    assert words.kinds.keys() >= {parameter.kind for action in actions for parameter in action.params.values()}
    assert words.asynchronous.keys() >= {action.asynchronous for action in actions}
    assert words.forms.keys() >= {str(form) for action in actions for form in action.forms.values()}
    named = {name for action in actions for name in (*action.classes, *action.parts)}
    chosen = {choice for action in actions for parameter in action.params.values() for choice in parameter.choices}
    assert words.names.keys() >= named | chosen


@pytest.mark.parametrize("field", [field.name for field in fields(Wording)])
def test_says_the_same_things(field: str) -> None:
    english, chinese = (getattr(wording(language), field) for language in LANGUAGES)
    assert english.keys() == chinese.keys()
    assert all(chinese.values())


def test_chinese_is_chinese() -> None:
    words = wording("zh")
    for text in (*words.purposes.values(), *words.causes.values(), *words.cures.values(), *words.parameters.values()):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text
