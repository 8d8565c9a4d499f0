"""Code for the older official SDK for Python, which takes addresses alone."""

from koutu.server.console.snippets.call import KEY_ID, KEY_SECRET, Call
from koutu.server.console.snippets.new_python import save_python


def old_python(call: Call) -> str:
    """A script for aliyun-python-sdk-imageseg."""
    name = f"{call.action.name}Request"
    lines = [
        "# pip install aliyun-python-sdk-imageseg",
        "import json",
        "import os",
        *(["import time"] if call.is_job else []),
        "import urllib.request",
        "",
        "from aliyunsdkcore.client import AcsClient",
        *(
            ["from aliyunsdkimageseg.request.v20191230.GetAsyncJobResultRequest import GetAsyncJobResultRequest"]
            if call.is_job
            else []
        ),
        f"from aliyunsdkimageseg.request.v20191230.{name} import {name}",
        "",
        f'client = AcsClient(os.environ["{KEY_ID}"], os.environ["{KEY_SECRET}"], "cn-shanghai", timeout=60)',
        "",
        "",
        "def ask(request):",
        f'    request.set_endpoint("{call.endpoint}")',
        f'    request.set_protocol_type("{call.scheme}")',
        "    return json.loads(client.do_action_with_exception(request))",
        "",
        "",
        f"request = {name}()",
        *(f"request.set_{image.parameter}({image.url!r})" for image in call.images),
        *(f"request.add_query_param({wire!r}, {value!r})" for wire, value in call.params.items()),
        "answer = ask(request)",
        *(_WAIT if call.is_job else ['data = answer["Data"]']),
        *save_python(call),
    ]
    return "\n".join(lines) + "\n"


_WAIT = """
query = GetAsyncJobResultRequest()
query.set_JobId(answer["RequestId"])
job = {"Status": "QUEUING"}
while job["Status"] in ("QUEUING", "PROCESSING"):
    time.sleep(0.5)
    job = ask(query)["Data"]
if job["Status"] != "PROCESS_SUCCESS":
    raise SystemExit(job)
data = json.loads(job["Result"])
""".strip().splitlines()
