"""Files that are no pictures, sent as addresses."""

from typing import Any

import pytest
import wire
from refusals import check, file_names

pytestmark = pytest.mark.long


@pytest.mark.parametrize(("group", "name"), list(file_names()))
def test_files(watched: Any, file_host: tuple[str, dict[str, str]], group: str, name: str) -> None:
    url = f"http://{file_host[0]}{file_host[1][name]}"
    answer = watched.client.post("/?" + wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=url))
    if answer.status_code == 200:
        watched.successes += 1
        assert answer.json()["Data"]["ImageURL"].startswith(watched.base)
    else:
        check(
            answer,
            "InvalidImage.Content",
            "InvalidImage.Resolution",
            "InvalidParameter.TooLarge",
            "InvalidParameter.Unsuitable",
        )
