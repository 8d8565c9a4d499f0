"""The code examples of an action's page, made from the contract."""

import re

from koutu.contract import Action

SAMPLES = "http://127.0.0.1:8080/samples/"
# What the examples give to parameters beyond the photo.
FURTHER = {"MaskImageURL": "mask.png", "ReplaceImageURL": "sky.jpg"}


def library(action: Action) -> str:
    """A call of the library."""
    photos = ["photo.jpg", *(FURTHER[image.name] for image in action.images if image.name in FURTHER)]
    listed = ", ".join(f'"{photo}"' for photo in photos)
    lines = ["import koutu", "", f"result = koutu.{action.function}({listed})"]
    if action.result.placed or action.parts:
        lines += [
            "for element in result.elements:",
            "    print(element.name, element.x, element.y, element.width, element.height)",
        ]
    if action.classes:
        lines.append("print(result.labels.shape)  # a class id for each pixel")
    return "\n".join([*lines, 'result.save("result.png")'])


def command(action: Action) -> str:
    """A call of the command line."""
    short = action.function.removeprefix("segment_").removesuffix("_image").replace("_", "-")
    further = [FURTHER[image.name] for image in action.images if image.name in FURTHER]
    given = f" --with {further[0]}" if further else ""
    return f"koutu cut {short} photo.jpg{given} -o result.png"


def sdk(action: Action, sample: str) -> str:
    """A call through the official Python SDK: from a URL, or of local files where an action takes two."""
    if action.result.shape == "job":
        return _job()
    if len(action.images) > 1:
        files = [(f"{snake(image.name)}object", FURTHER.get(image.name, "photo.jpg")) for image in action.images]
        fields = [f'    {field}=open("{file}", "rb"),' for field, file in files]
        request, call = f"{action.name}AdvanceRequest", f"{snake(action.name)}_advance(request, RuntimeOptions())"
    else:
        fields = [f'    {snake(action.images[0].name)}="{SAMPLES}{sample}",']
        request, call = f"{action.name}Request", f"{snake(action.name)}(request)"
    if action.asynchronous == "always":
        shown = ["print(answer.body.request_id)  # the job's id, for GetAsyncJobResult"]
    elif action.result.shape == "elements":
        shown = ["for element in answer.body.data.elements:", "    print(element.image_url)"]
    else:
        shown = [f"print(answer.body.data.{snake(action.result.url)})"]
    lines = [f"request = models.{request}(", *fields, ")", f"answer = client.{call}", *shown]
    return "\n".join([*_client(uploads=len(action.images) > 1), *lines])


def snake(name: str) -> str:
    """A wire name as the Python SDK spells it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _job() -> str:
    lines = [
        "request = models.SegmentHDCommonImageRequest(",
        f'    image_url="{SAMPLES}sklearn_flower.jpg",',
        ")",
        "job = client.segment_hdcommon_image(request).body.request_id",
        "while True:",
        "    data = client.get_async_job_result(models.GetAsyncJobResultRequest(job_id=job)).body.data",
        '    if data.status not in ("QUEUING", "PROCESSING"):',
        "        break",
        "    time.sleep(1)",
        "print(data.status, json.loads(data.result))",
    ]
    return "\n".join(["import json", *_client()[:1], "import time", *_client()[1:], *lines])


def _client(uploads: bool = False) -> list[str]:
    return [
        "import os",
        "",
        "from alibabacloud_imageseg20191230 import models",
        "from alibabacloud_imageseg20191230.client import Client",
        "from alibabacloud_tea_openapi.models import Config",
        *(["from alibabacloud_tea_util.models import RuntimeOptions"] if uploads else []),
        "",
        "client = Client(Config(",
        '    access_key_id=os.environ["KOUTU_KEY_ID"],',
        '    access_key_secret=os.environ["KOUTU_KEY_SECRET"],',
        '    endpoint="127.0.0.1:8080",',
        '    protocol="http",',
        "    read_timeout=60_000,",
        "))",
        *(["client._open_platform_endpoint = client._endpoint  # local files are uploaded to Koutu too"] if uploads else []),
    ]
