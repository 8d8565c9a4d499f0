"""The reference of error codes, made from the contract."""

from koutu.contract import ERRORS
from koutu.contract.wording import Language, wording

HEAD = {
    "en": """# Error codes

An error's answer is `{RequestId, HostId, Code, Message, Recommend}` with the HTTP status of its code; with `Format=XML` it is
an `<Error>` of the same fields. `Message` says what was wrong with this very request, `Recommend` leads to the code's page on
the server that answered (`/errors/{code}`). Refused calls are not metered and leave no file behind. In an asynchronous call,
whatever is found wrong once the job runs stands as ErrorCode and ErrorMessage in the job's state.

Uploads (PostObject) and result links answer as an object store does, with an XML `<Error>` of its own codes: AccessDenied,
InvalidAccessKeyId, SignatureDoesNotMatch, InvalidArgument, MalformedPOSTRequest, EntityTooLarge, RequestTimeout, NoSuchKey.

| code | HTTP | when |
| --- | --- | --- |
""",
    "zh": """# 错误码

出错时的应答是 `{RequestId, HostId, Code, Message, Recommend}`，HTTP 状态码见下表；带 `Format=XML` 时是字段相同的 `<Error>`。
`Message` 说明这一次请求错在哪里，`Recommend` 指向应答服务器上该错误码的页面（`/errors/{code}`）。被拒绝的调用不计量，也不留下任何文件。
异步调用在任务开始运行之后才发现的问题，以 ErrorCode 和 ErrorMessage 写在任务状态里。

上传（PostObject）和结果链接按对象存储的方式应答，即带有其自身错误码的 XML `<Error>`：AccessDenied、InvalidAccessKeyId、
SignatureDoesNotMatch、InvalidArgument、MalformedPOSTRequest、EntityTooLarge、RequestTimeout、NoSuchKey。

| 错误码 | HTTP | 何时出现 |
| --- | --- | --- |
""",
}
CAUSE = {"en": "**Cause:** {}.", "zh": "**原因：**{}。"}
CURE = {"en": "**Cure:** {}", "zh": "**解决：**{}"}


def render(language: Language) -> str:
    """The page's text."""
    words = wording(language)
    entries = sorted(ERRORS.values(), key=lambda entry: (entry.status, entry.code))
    rows = [f"| [{entry.code}](#{_anchor(entry.code)}) | {entry.status} | {words.causes[entry.code]} |" for entry in entries]
    sections = [
        f"\n## {entry.code} {{ #{_anchor(entry.code)} }}\n\nHTTP {entry.status}\n\n"
        f"{CAUSE[language].format(words.causes[entry.code])}\n\n{CURE[language].format(words.cures[entry.code])}\n"
        for entry in entries
    ]
    return HEAD[language] + "\n".join(rows) + "\n" + "".join(sections)


def _anchor(code: str) -> str:
    return code.lower().replace(".", "-")
