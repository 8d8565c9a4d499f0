"""Loaded by schemathesis: signs three of four generated calls, so that they get past the gate and into the parameters."""

import json
import os

import schemathesis
import wire

KEY = json.loads(os.environ["KOUTU_TEST_KEY"])
count = 0


@schemathesis.hook
def before_call(context, case, kwargs):
    global count
    count += 1
    if case.operation.path != "/" or count % 4 == 0:
        return
    query = {str(name): _text(value) for name, value in (case.query or {}).items()}
    action = query.pop("Action", "SegmentBody")
    version = "2019-12-19" if action == "AuthorizeFileUpload" else "2019-12-30"
    form = case.body if isinstance(case.body, dict) and case.method.upper() == "POST" else {}
    body = {str(name): value for name, value in form.items() if isinstance(value, str)}
    params = wire.common(KEY, action, Version=version)
    signed = wire.sign_rpc(KEY, {**body, **query, **params}, case.method.upper())
    case.query = {name: value for name, value in signed.items() if name not in body or name in query or name in params}


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)
