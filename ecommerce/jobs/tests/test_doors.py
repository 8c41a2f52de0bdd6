"""Jobs over REST."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile

from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.jobs import JobContext, job, registry, services
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
OWNER = Viewer(user_id=new_id())


@pytest.fixture(autouse=True)
def kind(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)

    @job("test.doors")
    def run(context: JobContext) -> None:
        for row in range(3):
            context.row_error(row=row, pointer="/price", detail="=cmd|' /C calc'!A0", code="price")
        context.advance(4, total=4)
        with context.open_result("made.csv") as result:
            result.write(b"a,b\n")

    yield
    registry._kinds.pop("test.doors")


def client(viewer: Viewer = OWNER) -> JsonClient:
    api = JsonClient()
    api.force_authenticate(user=viewer)
    return api


def start() -> UUID:
    return services.start_job(kind="test.doors", owner_id=OWNER.user_id).id


def test_a_job_shows_how_far_it_is() -> None:
    job_id = start()
    waiting = client().get(f"/api/v1/jobs/{job_id}")
    services.run_job(job_id)
    done = client().get(f"/api/v1/imports/{job_id}").json()

    assert (waiting.json()["state"], waiting["Retry-After"]) == ("QUEUED", "1")
    assert (done["state"], done["percent"], done["refused"]) == ("SUCCEEDED", 100.0, 3)
    assert done["hasResult"] is True


def test_refused_rows_are_paged_and_downloaded_without_formulas() -> None:
    job_id = start()
    services.run_job(job_id)

    first = client().get(f"/api/v1/jobs/{job_id}/errors?pageSize=2").json()
    second = client().get(first["next"]).json()
    assert [row["row"] for row in first["results"] + second["results"]] == [0, 1, 2]

    lines: Any = client().get(f"/api/v1/jobs/{job_id}/errors.csv", headers={"Accept": "text/csv"})
    text = b"".join(lines.streaming_content).decode().splitlines()
    assert text[0] == "row,pointer,code,detail"
    assert text[1] == "0,/price,price,'=cmd|' /C calc'!A0"


def test_the_result_is_a_download() -> None:
    job_id = start()
    assert client().get(f"/api/v1/jobs/{job_id}/result").json()["code"] == "jobs/result-not-ready"

    services.run_job(job_id)

    answer: Any = client().get(f"/api/v1/jobs/{job_id}/result", headers={"Accept": "*/*"})
    assert b"".join(answer.streaming_content) == b"a,b\n"
    assert answer["Content-Disposition"] == 'attachment; filename="made.csv"'


def test_a_job_is_stopped_once_however_often_it_is_asked() -> None:
    job_id = start()

    answers = [client().post(f"/api/v1/jobs/{job_id}/cancel") for _ in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["CANCELLED", "CANCELLED"]


@pytest.mark.parametrize("path", ["", "/errors", "/errors.csv", "/result", "/cancel"])
def test_a_stranger_finds_no_job(path: str) -> None:
    job_id = start()
    method = "post" if path == "/cancel" else "get"
    url = f"/api/v1/jobs/{job_id}{path}"

    assert getattr(JsonClient(), method)(url).status_code == 401
    assert getattr(client(Viewer(user_id=new_id())), method)(url).status_code == 404
    operator = Viewer(user_id=new_id(), roles=frozenset({OPERATOR}))
    assert getattr(client(operator), method)(url).status_code in {200, 409}


def test_an_input_keeps_its_name_out_of_other_folders() -> None:
    name = services.store_input("../../etc/passwd", ContentFile(b""))

    assert name.startswith("jobs/input/")
    assert ".." not in name
