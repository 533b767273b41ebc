"""The example of the documentation is one file and reads what it says."""

import json
from pathlib import Path

from analytics.testing.sources import account, estate_of, named

NOMAD = Path(__file__).resolve().parents[2] / "devtool" / "examples" / "nomad.py"


def test_a_drop_in_reader_is_one_more_file() -> None:
    tasks = [{"Name": "web", "Config": {"image": "nginx:1"}}, {"Name": "db", "Config": {"image": "postgres:16"}}]
    job = {"ID": "shop", "TaskGroups": [{"Name": "all", "Count": 3, "Tasks": tasks}], "Constraints": [{}]}
    estate = estate_of({"job.json": json.dumps({"Job": job})}, NOMAD)
    assert named(estate)["db"]["family"] == "Database"
    assert named(estate)["web"]["replicas"] == 3
    assert named(estate)["web"]["source"][0]["place"] == "Job.TaskGroups[0]"
    assert account(estate) == {"constraint": 1}
