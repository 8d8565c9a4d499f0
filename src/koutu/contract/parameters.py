"""From wire strings to an action's typed parameters."""

from collections.abc import Mapping

from koutu.contract.types import Action, Parameter
from koutu.errors import Convert, InvalidParameter, MissingImageURL, MissingParameter

Value = str | bool | int | tuple[str, ...]


def parse_parameters(action: Action, wire: Mapping[str, str]) -> dict[str, Value]:
    """Read the parameters of `action` out of a request's strings; what the contract does not name is passed over.

    An absent or empty optional parameter is left out of the answer. ReturnForm is handed on as it came: any spelling the
    contract does not name means the default form.

    Raises:
        MissingImageURL, MissingParameter: a required parameter is absent or empty.
        Convert: a value is not of its type.
        InvalidParameter: a value is not among the choices.
    """
    values: dict[str, Value] = {}
    for parameter in action.params.values():
        value = _read_list(parameter, wire) if parameter.list else _read(parameter, wire.get(parameter.name, ""))
        if value is not None:
            values[parameter.name] = value
        elif parameter.required:
            error = MissingImageURL if parameter.kind == "image" else MissingParameter
            raise error(f"{parameter.name} is required for {action.name} and is absent or empty.")
    return values


def _read(parameter: Parameter, text: str) -> Value | None:
    if not text:
        return None
    match parameter.kind:
        case "boolean":
            if text.lower() not in ("true", "false"):
                raise Convert(f"{parameter.name} must be true or false, not {text[:40]!r}.")
            return text.lower() == "true"
        case "integer":
            # int() would also take '1_0', blanks and other scripts' digits.
            if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 18):
                raise Convert(f"{parameter.name} must be an integer, not {text[:40]!r}.")
            return int(text)
        case _:
            if parameter.choices and text not in parameter.choices:
                raise InvalidParameter(f"{parameter.name} must be one of {', '.join(parameter.choices)}, not {text[:40]!r}.")
            return text


def _read_list(parameter: Parameter, wire: Mapping[str, str]) -> tuple[str, ...] | None:
    prefix = parameter.name + "."
    numbered = {key[len(prefix) :]: text for key, text in wire.items() if key.startswith(prefix)}
    order = sorted((key for key in numbered if key.isascii() and key.isdigit()), key=lambda key: (len(key), key))
    texts = [numbered[key] for key in order]
    if parameter.name in wire:
        texts = [text.strip() for text in wire[parameter.name].split(",")]
    values = tuple(str(value) for text in texts if (value := _read(parameter, text)) is not None)
    return values or None
