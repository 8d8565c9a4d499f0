"""Speaks for a Python client of the older kind: calls come as lines of JSON on standard input, answers go out as such lines.

The first line holds the endpoint, the protocol and the key. It runs in the client's own environment and knows nothing of Koutu.
"""

import importlib
import json
import pkgutil
import sys
from xml.etree import ElementTree

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest


def build(order, endpoint):
    if order["mode"] == "generic":
        request = CommonRequest(product="imageseg", version="2019-12-30", action_name=order["action"], domain=endpoint)
        request.set_method("POST")
        for name, value in order["params"].items():
            request.add_query_param(name, value)
        return request
    module = importlib.import_module(f"aliyunsdkimageseg.request.v20191230.{order['action']}Request")
    request = getattr(module, order["action"] + "Request")()
    for name, value in order["params"].items():
        # The generator of these clients made the plural of a list's name by adding an s.
        setter = getattr(request, "set_" + name + "s", None) if isinstance(value, list) else None
        (setter or getattr(request, "set_" + name))(value)
    return request


def from_xml(element):
    if not len(element):
        return element.text or ""
    answer = {}
    for child in element:
        value = from_xml(child)
        if child.tag == "Elements":
            answer.setdefault("Elements", []).append(value)
        else:
            answer[child.tag] = value
    return answer


def ask_json(client, request):
    return {"body": json.loads(client.do_action_with_exception(request))}


def ask_xml(client, request, action):
    # The call that raises errors always asks for JSON.
    root = ElementTree.fromstring(client.do_action(request))
    if root.tag == "Error":
        return {"error": {"code": root.findtext("Code"), "message": root.findtext("Message")}}
    if root.tag != action + "Response":
        raise ValueError(f"the root is {root.tag}")
    return {"body": from_xml(root)}


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    client = AcsClient(setup["access_key_id"], setup["access_key_secret"], "cn-shanghai", timeout=60)
    requests = importlib.import_module("aliyunsdkimageseg.request.v20191230")
    typed = [module.name.removesuffix("Request") for module in pkgutil.iter_modules(requests.__path__)]
    print(json.dumps({"typed": typed, "advance": []}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            request = build(order, setup["endpoint"])
            request.set_endpoint(setup["endpoint"])
            request.set_protocol_type(setup["protocol"])
            request.set_accept_format("XML" if order["mode"] == "xml" else "JSON")
            answer = ask_xml(client, request, order["action"]) if order["mode"] == "xml" else ask_json(client, request)
        except (ServerException, ClientException) as error:
            answer = {"error": {"code": error.get_error_code(), "message": error.get_error_msg()}}
        except Exception as error:
            answer = {"error": {"code": type(error).__name__, "message": str(error)}}
        print(json.dumps(answer), flush=True)


main()
