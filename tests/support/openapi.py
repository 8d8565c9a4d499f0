"""The HTTP surface as an OpenAPI document, made from the contract, for tools that attack such surfaces."""

from typing import Any

from koutu.contract import ACTIONS, ERRORS, VERSION

_KINDS = {"boolean": {"type": "string", "enum": ["true", "false"]}, "integer": {"type": "integer"}}


def openapi() -> dict[str, Any]:
    """The document: calls by GET and POST, error pages, health, objects."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Koutu", "version": VERSION},
        "components": {"schemas": {"Error": _error(), "Success": _success()}},
        "paths": {
            "/": {"get": _call("getCall"), "post": {**_call("postCall"), "requestBody": _body()}},
            "/healthz": {
                "get": {"operationId": "health", "responses": {"200": _answer("application/json", {"type": "object"})}}
            },
            "/errors/{code}": {
                "get": {
                    "operationId": "errorPage",
                    "parameters": [_parameter("code", {"type": "string", "minLength": 1}, place="path")],
                    "responses": {
                        "200": _answer("text/html", {"type": "string"}),
                        "404": {"description": "unknown", "content": {"text/html": {}, "application/xml": {}}},
                    },
                }
            },
            "/results/{key}": {
                "get": {
                    "operationId": "object",
                    "parameters": [
                        _parameter("key", {"type": "string", "minLength": 1}, place="path"),
                        *(_parameter(name, {"type": "string"}) for name in ("Expires", "OSSAccessKeyId", "Signature")),
                    ],
                    "responses": {
                        status: {"description": "refused", "content": {"application/xml": {}}} for status in ("403", "404")
                    },
                }
            },
        },
    }


def _call(name: str) -> dict[str, Any]:
    parameters = {"Action": {"type": "string", "enum": [*ACTIONS, "AuthorizeFileUpload"]}}
    for action in ACTIONS.values():
        for parameter in action.params.values():
            schema: dict[str, Any] = dict(_KINDS.get(parameter.kind, {"type": "string"}))
            if parameter.choices:
                schema["enum"] = list(parameter.choices)
            parameters[f"{parameter.name}.1" if parameter.list else parameter.name] = schema
    errors = sorted({str(entry.status) for entry in ERRORS.values() if entry.status < 500})
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}, "text/xml": {}}
    return {
        "operationId": name,
        "parameters": [_parameter(parameter, schema) for parameter, schema in parameters.items()],
        "responses": {
            "200": _answer("application/json", {"$ref": "#/components/schemas/Success"}),
            **{status: {"description": "refused", "content": content} for status in errors},
        },
    }


def _body() -> dict[str, Any]:
    schema = {"type": "object", "properties": {"ImageURL": {"type": "string"}, "Format": {"type": "string", "enum": ["JSON"]}}}
    return {"content": {kind: {"schema": schema} for kind in ("application/json", "application/x-www-form-urlencoded")}}


def _parameter(name: str, schema: dict[str, Any], place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _answer(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "an answer", "content": {kind: {"schema": schema}}}


def _error() -> dict[str, Any]:
    fields = ("RequestId", "HostId", "Code", "Message", "Recommend")
    properties: dict[str, Any] = {field: {"type": "string", "minLength": 1} for field in fields}
    properties["Code"] = {"type": "string", "enum": list(ERRORS)}
    return {"type": "object", "required": list(fields), "properties": properties, "additionalProperties": False}


def _success() -> dict[str, Any]:
    request_id = {"type": "string", "pattern": "^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$"}
    return {"type": "object", "required": ["RequestId"], "properties": {"RequestId": request_id}}
