"""Code for the newer official SDK for Python."""

import re

from koutu.contract import VERSION
from koutu.contract.python_names import python_name
from koutu.server.console.snippets.call import KEY_ID, KEY_SECRET, Call, Input

_PACKAGE = "alibabacloud_imageseg20191230"
_URL = re.compile("_?u_r_l")
_GENERIC = f'''

def ask(action, query):
    params = Params(
        action=action, version="{VERSION}", protocol="HTTPS", pathname="/", method="POST",
        auth_type="AK", style="RPC", req_body_type="formData", body_type="json",
    )
    return client.call_api(params, OpenApiRequest(query=query), runtime)["body"]

'''.splitlines()


def new_python(call: Call) -> str:
    """A script for alibabacloud-imageseg20191230."""
    request = _request(call)
    models = ["Config"] + ([] if call.typed else ["OpenApiRequest", "Params"])
    names = [f"{call.action.name}{'Advance' if call.uploads else ''}Request"] if call.typed else []
    if call.is_job and call.typed:
        names.insert(0, "GetAsyncJobResultRequest")
    lines = [
        f"# pip install {_PACKAGE.replace('_', '-')}",
        *(["import json"] if call.is_job else []),
        "import os",
        *(["import time"] if call.is_job else []),
        "import urllib.request",
        "",
        f"from {_PACKAGE}.client import Client",
        *([f"from {_PACKAGE}.models import {', '.join(names)}"] if names else []),
        f"from alibabacloud_tea_openapi.models import {', '.join(models)}",
        "from alibabacloud_tea_util.models import RuntimeOptions",
        "",
        "client = Client(",
        "    Config(",
        f'        access_key_id=os.environ["{KEY_ID}"],',
        f'        access_key_secret=os.environ["{KEY_SECRET}"],',
        f'        endpoint="{call.endpoint}",',
        f'        protocol="{call.scheme}",',
        "    )",
        ")",
        *(["client._open_platform_endpoint = client._endpoint  # uploads go to the same server"] if call.uploads else []),
        "runtime = RuntimeOptions(connect_timeout=60_000, read_timeout=60_000)",
        *request,
        *(_wait(call) if call.is_job else ['data = answer["Data"]']),
        *save_python(call),
    ]
    return "\n".join(lines) + "\n"


def _request(call: Call) -> list[str]:
    if not call.typed:
        return [*_GENERIC, f'answer = ask("{call.action.name}", {call.wire!r})']
    fields = [_field(call, image) for image in call.images]
    fields += [f"{python_name(name)}={value!r}" for name, value in call.params.items()]
    advance = "Advance" if call.uploads else ""
    # The client's own spelling: segment_hdbody.
    name = call.action.function.replace("_hd_", "_hd")
    method = f"{name}_{'advance' if call.uploads else 'with_options'}"
    return [
        f"request = {call.action.name}{advance}Request(",
        *(f"    {field}," for field in fields),
        ")",
        f"answer = client.{method}(request, runtime).body.to_map()",
    ]


def _field(call: Call, image: Input) -> str:
    name = _URL.sub("_url", python_name(image.parameter)).lstrip("_")
    if not call.uploads:
        return f"{name}={image.url!r}"
    # The client spells the file of ImageURL image_urlobject, and that of ImageUrl image_url_object.
    joint = "_object" if image.parameter.endswith("Url") else "object"
    return f'{name}{joint}=open("{image.name}", "rb")'


def _wait(call: Call) -> list[str]:
    if call.typed:
        ask = 'client.get_async_job_result_with_options(GetAsyncJobResultRequest(job_id=answer["RequestId"]), runtime)'
        ask = f'{ask}.body.to_map()["Data"]'
    else:
        ask = 'ask("GetAsyncJobResult", {"JobId": answer["RequestId"]})["Data"]'
    return [
        'job = {"Status": "QUEUING"}',
        'while job["Status"] in ("QUEUING", "PROCESSING"):',
        "    time.sleep(0.5)",
        f"    job = {ask}",
        'if job["Status"] != "PROCESS_SUCCESS":',
        "    raise SystemExit(job)",
        'data = json.loads(job["Result"])',
    ]


def save_python(call: Call) -> list[str]:
    """The lines that fetch what `data` leads to."""
    url = call.action.result.url
    if call.action.result.shape == "image":
        return [f'print(urllib.request.urlretrieve(data["{url}"], "result.png")[0])']
    return [
        'for number, element in enumerate(data["Elements"], 1):',
        f'    print(urllib.request.urlretrieve(element["{url}"], f"result-{{number}}.png")[0])',
    ]
