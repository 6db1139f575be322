"""Holds a Nightcramp service to its contract: exits 1, and says why, when it breaks it.

python3 nightcramp_contract.py URL [--kit FILE] [--mirror]
"""

import argparse
import json
import re
import sys
import time
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

parser = argparse.ArgumentParser()
parser.add_argument("url", help="where the service is, without /v1")
parser.add_argument("--kit", help="the kit that you kept; else the service is asked")
parser.add_argument("--mirror", action="store_true", help="a mirror cannot evaluate")
options = parser.parse_args()

TYPES = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def ask(path, method="GET", headers=None, body=None, repeat_with=None, tries=3):
    data = None if body is None else json.dumps(body).encode()
    request = Request(
        options.url.rstrip("/") + path, data, headers or {}, method=method
    )
    try:
        answer = build_opener(NoRedirects).open(request, timeout=30)
    except HTTPError as error:
        answer = error
    with answer:
        content = answer.read()
    if answer.code == 429 and tries > 1:  # told to slow down
        time.sleep(int(answer.headers.get("Retry-After", 1)))
        return ask(path, method, headers, body, repeat_with, tries - 1)
    if repeat_with:
        more = {name: answer.headers.get(of, "") for name, of in repeat_with.items()}
        return ask(path, method, {**headers, **more}, body)
    return answer.code, answer.headers, content


def find(value, pointer):
    """What a JSON pointer leads to; absent and null mean the same."""
    for key in pointer.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key) if isinstance(value, list) else key]
        except (LookupError, TypeError, ValueError):
            return None
    return value


def holds(value, expected):
    if "equals" in expected:
        return json.dumps(value) == json.dumps(expected["equals"])
    if "matches" in expected:
        return isinstance(value, str) and re.search(expected["matches"], value)
    if "type" in expected:
        return TYPES.get(type(value)) == expected["type"]
    return "absent" in expected and value is None


def broken_by_check(check):
    wanted = check["expect"]
    status, headers, content = ask(**check["request"])
    media_type = headers.get_content_type()
    if status != wanted["status"]:
        yield f"status {status}, not {wanted['status']}"
    if media_type != wanted.get("media_type", media_type):
        yield f"{media_type}, not {wanted['media_type']}"
    values = [(", ".join(headers.get_all(e["name"], [])), e) for e in wanted["headers"]]
    if wanted["body"]:
        body = json.loads(content)
        values += [(find(body, e["pointer"]), e) for e in wanted["body"]]
    for value, expected in values:
        if not holds(value, expected):
            yield f"{json.dumps(value)[:99]}, expected {json.dumps(expected)}"


def broken_by_status(path, wanted):
    status, _, _ = ask(path, "HEAD")
    if status != wanted:
        yield f"status {status}, not {wanted}"


def broken_by_vector(vector):
    body, headers = {"answers": vector["answers"]}, {"Content-Type": "application/json"}
    _, _, content = ask("/v1/risk-evaluations", "POST", headers, body)
    found = json.loads(content)
    for part, expected in vector["result"].items():
        if not within(expected, found.get(part)):
            yield f"{part}: {json.dumps(found.get(part))[:99]}, expected {expected}"


def within(expected, found):
    """Whether all of `expected` is found; of a list every entry, by its id at least."""
    if isinstance(expected, dict):
        return all(within(value, found.get(key)) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(within, expected, found))
    return expected == (found["id"] if isinstance(found, dict) else found)


def everything(kit):
    """What to try: name, what it needs, the version it is bound to, what is wrong."""
    for check in kit["checks"]:
        yield check["id"], check["needs"], check.get("bound_to"), broken_by_check(check)
    for group in (group for group in kit["ids"] if "path" in group):
        for status, ids in ((200, group["ids"]), (410, group["withdrawn"])):
            for path in (group["path"].replace("{id}", id) for id in ids):
                yield path, [], None, broken_by_status(path, status)
    for vector in kit["vectors"]["sample"]:
        broken = broken_by_vector(vector)
        yield vector["id"], ["evaluation"], "ruleset_version", broken


def main():
    now = json.loads(ask("/v1")[2])
    if options.kit:
        with open(options.kit, encoding="utf-8") as file:
            kit = json.load(file)
    else:
        kit = json.loads(ask("/v1/contract-kit")[2])
    if kit["kit_version"] != 1:
        sys.exit("this kit is newer than this script: take both anew")
    if not (kit["checks"] and kit["ids"] and kit["vectors"]["sample"]):
        sys.exit("this kit is empty: nothing was checked")
    held = broken = left_out = 0
    for name, needs, bound_to, found in everything(kit):
        if (options.mirror and needs) or (bound_to and kit[bound_to] != now[bound_to]):
            left_out += 1
            continue
        try:
            problems = list(found)
        except Exception as error:  # no answer, or one that nobody could read
            problems = [repr(error)]
        for problem in problems:
            print(f"{name}: {problem}")
        broken += bool(problems)
        held += not problems
    print(f"{held} held, {broken} broken, {left_out} left out")
    sys.exit(1 if broken or not held else 0)


main()
