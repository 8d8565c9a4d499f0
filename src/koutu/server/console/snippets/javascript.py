"""Code for the official SDK for Node.js."""

import json

from koutu.contract import VERSION
from koutu.server.console.snippets.call import KEY_ID, KEY_SECRET, Call, Input

_PACKAGE = "@alicloud/imageseg20191230"


def javascript(call: Call) -> str:
    """A script for @alicloud/imageseg20191230 4."""
    lines = [
        f"// npm install {_PACKAGE}",
        "const fs = require('fs');",
        f"const sdk = require('{_PACKAGE}');",
        "const { $OpenApiUtil } = require('@alicloud/openapi-core');",
        "const { RuntimeOptions } = require('@darabonba/typescript');",
        "",
        "const client = new sdk.default(new $OpenApiUtil.Config({",
        f"  accessKeyId: process.env.{KEY_ID},",
        f"  accessKeySecret: process.env.{KEY_SECRET},",
        f"  endpoint: '{call.endpoint}',",
        f"  protocol: '{call.scheme}',",
        "}));",
        *(["client._openPlatformEndpoint = client._endpoint; // uploads go to the same server"] if _uploads(call) else []),
        "const runtime = new RuntimeOptions({ connectTimeout: 60000, readTimeout: 60000 });",
        *(_ASK if not _uploads(call) or call.is_job else []),
        "",
        "async function save(url, file) {",
        "  fs.writeFileSync(file, Buffer.from(await (await fetch(url)).arrayBuffer()));",
        "  console.log(file);",
        "}",
        "",
        "async function main() {",
        *(f"  {line}" for line in [*_request(call), *(_WAIT if call.is_job else []), *_save(call)]),
        "}",
        "",
        "main();",
    ]
    return "\n".join(lines) + "\n"


def _uploads(call: Call) -> bool:
    """Whether the code begins with the visitor's files: release 4 posts them over https, whatever it was told."""
    return call.uploads and call.scheme == "https"


def _request(call: Call) -> list[str]:
    name = "answer" if call.is_job else "{ Data: data }"
    if not _uploads(call):
        return [f"const {name} = await ask('{call.action.name}', {json.dumps(call.wire, ensure_ascii=False)});"]
    fields = [f"{_field(image)}: fs.createReadStream({json.dumps(image.name)})," for image in call.images]
    fields += [f"{wire[0].lower()}{wire[1:]}: {json.dumps(value)}," for wire, value in call.params.items()]
    method = f"{call.action.name[0].lower()}{call.action.name[1:]}Advance"
    return [
        f"const request = new sdk.{call.action.name}AdvanceRequest({{",
        *(f"  {field}" for field in fields),
        "});",
        f"const {{ body }} = await client.{method}(request, runtime);",
        "const answer = { RequestId: body.requestId };" if call.is_job else "const data = body.toMap().Data;",
    ]


def _field(image: Input) -> str:
    name = image.parameter
    return f"{name if name.isupper() else name[0].lower() + name[1:]}Object"


_ASK = f"""
async function ask(action, query) {{
  const params = new $OpenApiUtil.Params({{
    action, version: '{VERSION}', protocol: 'HTTPS', pathname: '/', method: 'POST',
    authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
  }});
  return (await client.callApi(params, new $OpenApiUtil.OpenApiRequest({{ query }}), runtime)).body;
}}
""".rstrip().splitlines()

_WAIT = """
let job = { Status: 'QUEUING' };
while (['QUEUING', 'PROCESSING'].includes(job.Status)) {
  await new Promise((done) => setTimeout(done, 500));
  job = (await ask('GetAsyncJobResult', { JobId: answer.RequestId })).Data;
}
if (job.Status !== 'PROCESS_SUCCESS') throw new Error(JSON.stringify(job));
const data = JSON.parse(job.Result);
""".strip().splitlines()


def _save(call: Call) -> list[str]:
    url = call.action.result.url
    if call.action.result.shape == "image":
        return [f"await save(data.{url}, 'result.png');"]
    return [
        "for (const [index, element] of data.Elements.entries()) {",
        f"  await save(element.{url}, `result-${{index + 1}}.png`);",
        "}",
    ]
