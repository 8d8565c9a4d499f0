"""Speaks for a Python client of the newer kind: calls come as lines of JSON on standard input, answers go out as such lines.

The first line holds the endpoint, the protocol and the key. It runs in the client's own environment and knows nothing of Koutu.
"""

import importlib
import io
import json
import pkgutil
import sys
from pathlib import Path

from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException


def flat(name: str) -> str:
    return name.replace("_", "").lower()


def product():
    for module in pkgutil.iter_modules():
        if module.name.startswith(("alibabacloud_imageseg", "alibabacloud_viapi")):
            return module.name
    raise SystemExit("no client is installed here")


def connect(package, setup):
    config = Config(
        access_key_id=setup["access_key_id"],
        access_key_secret=setup["access_key_secret"],
        endpoint=setup["endpoint"],
        protocol=setup["protocol"],
        region_id="cn-shanghai",
        **setup["config"],
    )
    client = importlib.import_module(package + ".client").Client(config)
    # Config(open_platform_endpoint=...) is ignored by the client.
    client._open_platform_endpoint = setup["endpoint"]
    return client


def call(client, models, version, order, runtime):
    params = order["params"]
    if order["mode"] == "advance":
        request = getattr(models, order["action"] + "AdvanceRequest")()
        fields = {flat(name): name for name in vars(request)}
        for name, value in params.items():
            if name in order["files"]:
                setattr(request, fields[flat(name) + "object"], io.BytesIO(Path(value).read_bytes()))
            else:
                setattr(request, fields[flat(name)], value)
        return method(client, order["action"] + "Advance")(request, runtime).body.to_map()
    if order["mode"] == "generic":
        asked = Params(
            action=order["action"],
            version=version,
            protocol="HTTPS",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        return client.call_api(asked, OpenApiRequest(body=params), runtime)["body"]
    request = getattr(models, order["action"] + "Request")()
    fields = {flat(name): name for name in vars(request)}
    for name, value in params.items():
        setattr(request, fields[flat(name)], value)
    return method(client, order["action"] + "WithOptions")(request, runtime).body.to_map()


def method(client, name):
    return next(getattr(client, found) for found in dir(client) if flat(found) == flat(name))


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    package = product()
    models = importlib.import_module(package + ".models")
    version = "2019-12-30" if "imageseg" in package else "2023-01-17"
    client = connect(package, setup)
    requests = [name.removesuffix("Request") for name in dir(models) if name.endswith("Request")]
    advance = [name.removesuffix("Advance") for name in requests if name.endswith("Advance")]
    print(json.dumps({"typed": [name for name in requests if not name.endswith("Advance")], "advance": advance}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        runtime = RuntimeOptions(read_timeout=60000, connect_timeout=60000, ignore_ssl=True)
        try:
            answer = {"body": call(client, models, version, order, runtime)}
        except TeaException as error:
            answer = {"error": {"code": error.code, "message": error.message or ""}}
        except Exception as error:
            answer = {"error": {"code": type(error).__name__, "message": str(error)}}
        print(json.dumps(answer), flush=True)


main()
