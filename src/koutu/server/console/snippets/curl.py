"""Code for a shell with curl and openssl: the signature is made by hand (ACS3-HMAC-SHA256)."""

import shlex
from urllib.parse import quote, urlencode

from koutu.contract import VERSION
from koutu.server.console.snippets.call import KEY_ID, KEY_SECRET, Call

_ASK = f"""
ask() {{  # ask ACTION BODY
  local date nonce hash names request signature
  date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  nonce=$(openssl rand -hex 16)
  hash=$(printf %s "$2" | openssl dgst -sha256 -hex | sed 's/.*= //')
  names='host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
  request=$(printf 'POST\\n/\\n\\nhost:%s\\nx-acs-action:%s\\nx-acs-content-sha256:%s\\nx-acs-date:%s\\n' \\
    "$host" "$1" "$hash" "$date"
    printf 'x-acs-signature-nonce:%s\\nx-acs-version:{VERSION}\\n\\n%s\\n%s' "$nonce" "$names" "$hash")
  request=$(printf %s "$request" | openssl dgst -sha256 -hex | sed 's/.*= //')
  signature=$(printf 'ACS3-HMAC-SHA256\\n%s' "$request" |
    openssl dgst -sha256 -hmac "${KEY_SECRET}" -hex | sed 's/.*= //')
  curl -sS "$scheme://$host/" -H "x-acs-action: $1" -H "x-acs-version: {VERSION}" -H "x-acs-date: $date" \\
    -H "x-acs-signature-nonce: $nonce" -H "x-acs-content-sha256: $hash" \\
    -H "Authorization: ACS3-HMAC-SHA256 Credential=${KEY_ID},SignedHeaders=$names,Signature=$signature" \\
    -H 'Content-Type: application/x-www-form-urlencoded' --data-raw "$2"
}}

value() {{  # value NAME: the strings of that name in the JSON on standard input
  sed 's/\\\\"/"/g' | grep -o "\\"$1\\": *\\"[^\\"]*\\"" | sed 's/.*: *"\\(.*\\)"/\\1/'
}}
""".strip()

_WAIT = """
job=$(printf '%s\\n' "$answer" | value RequestId)
while :; do
  answer=$(ask GetAsyncJobResult "JobId=$job")
  case $(printf '%s\\n' "$answer" | value Status) in
    QUEUING | PROCESSING) sleep 1 ;;
    *) break ;;
  esac
done
""".strip()


def curl(call: Call) -> str:
    """A shell script."""
    body = shlex.quote(urlencode(call.wire, quote_via=quote, safe=""))
    lines = [
        "#!/usr/bin/env bash",
        f"scheme={call.scheme} host={shlex.quote(call.endpoint)}",
        "",
        _ASK,
        "",
        f"answer=$(ask {call.action.name} {body})",
        *([_WAIT] if call.is_job else []),
        "printf '%s\\n' \"$answer\"",
        "number=0",
        f"for url in $(printf '%s\\n' \"$answer\" | value {call.action.result.url}); do",
        "  number=$((number + 1))",
        '  curl -sS "$url" -o "result-$number.png" && echo "result-$number.png"',
        "done",
        '[ "$number" -gt 0 ]',
    ]
    return "\n".join(lines) + "\n"
