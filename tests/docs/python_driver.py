"""Runs blocks of Python that come as lines of JSON, all in one namespace, as a reader's interpreter would."""

import contextlib
import io
import json
import sys
import traceback


def main() -> None:
    answers = sys.stdout
    namespace = {"__name__": "__main__"}
    for line in sys.stdin:
        order = json.loads(line)
        printed = io.StringIO()
        status = 0
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                exec(compile(order["code"], order["name"], "exec"), namespace)
            except SystemExit as end:
                status = int(bool(end.code))
            except BaseException:
                status = 1
                traceback.print_exc()
        answers.write(json.dumps({"status": status, "output": printed.getvalue()}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
