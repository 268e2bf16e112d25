"""``compose.yaml``: read as YAML, its images pinned, and what it names is there."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
NODE, PROXY = "server-postgres", "proxy"


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" not in service])
def test_an_image_of_others_is_pinned_to_one_version(name):
    assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-\w+)?", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_that_waits_for_what_is_not_there_or_cannot_tell_that_it_is_well(name):
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        assert wait["condition"] == "service_healthy"
        assert "healthcheck" in SERVICES[other]
        # What is waited for is started with it, in every profile.
        assert set(SERVICES[name].get("profiles", [])) == set(SERVICES[other].get("profiles", []))


def test_every_setting_of_the_nodes_is_one():
    known = {f"DECLARED_{setting.name.upper()}" for setting in fields(Settings)}
    given = set(SERVICES[NODE]["environment"])
    assert given - known == {"FORWARDED_ALLOW_IPS"}


def test_readers_reach_the_nodes_through_the_proxy_alone():
    assert "ports" not in SERVICES[NODE]
    (port,) = SERVICES[PROXY]["ports"]
    configuration = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert f"listen {port.partition(':')[2]} " in configuration
    assert f"server {NODE}:8000 " in configuration
    (mounted,) = SERVICES[PROXY]["volumes"]
    assert (ROOT / mounted.split(":")[0]).is_file()


def test_a_node_serves_on_longer_than_the_proxy_passes_over_the_one_before_it():
    configuration = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (passed_over,) = re.findall(r"fail_timeout=(\d+)s", configuration)
    # nginx counts in whole seconds, so that one may be nearly two.
    drained = float(SERVICES[NODE]["environment"]["DECLARED_DRAIN_SECONDS"])
    assert drained >= float(passed_over) + 2
    stopping = drained + Settings().shutdown_seconds
    assert float(SERVICES[NODE]["stop_grace_period"].removesuffix("s")) > stopping


def test_the_processes_of_two_nodes_leave_room_in_postgresqls_hundred_connections():
    environment = SERVICES[NODE]["environment"]
    each = int(environment["DECLARED_READ_CONNECTIONS"]) + 5
    workers = int(re.search(r":-(\d+)", environment["DECLARED_WORKERS"])[1])
    nodes = int(re.search(r":-(\d+)", str(SERVICES[NODE]["deploy"]["replicas"]))[1])
    # Beside them stand what migrates, and three that PostgreSQL keeps for whoever looks after it.
    assert nodes * workers * each + nodes * workers + 3 <= 100
