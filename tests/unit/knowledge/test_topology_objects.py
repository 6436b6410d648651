"""What the cmdlets of the topology bring, in the forms that it comes in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge import roles, topology_objects
from checks.knowledge.topology_objects import MOST_COMPUTERS, Pool, Replica, Service

POOL, FIRST = "pool01.litwareinc.com", "atl-fe-001.litwareinc.com"


@pytest.mark.parametrize(
    ("shown", "status"),
    [("Running", "Running"), ("STOPPED", "Stopped"), (4, "Running"), ("1", "Stopped"), (2, "StartPending"), ("Läuft", ""), (None, ""), (99, "")],
)  # fmt: skip
def test_a_status_is_a_word_or_its_number(shown: Any, status: str) -> None:
    assert topology_objects.services([{"name": "W3SVC", "STATUS": shown}]) == (Service(name="W3SVC", status=status),)


@pytest.mark.parametrize(
    ("shown", "computers"),
    [
        ({"Computers": [FIRST.upper(), FIRST]}, (FIRST,)),
        ({"Computers": FIRST}, (FIRST,)),
        ({"Computers": []}, None),
        ({"Computers": None}, None),
        ({}, None),
    ],
)
def test_computers_that_were_not_shown_are_not_taken_for_none(
    shown: dict[str, Any], computers: tuple[str, ...] | None
) -> None:
    assert topology_objects.pools([{"Identity": POOL.upper(), **shown}]) == (Pool(fqdn=POOL, computers=computers),)


def test_a_pool_is_found_by_its_own_name_before_that_of_a_computer() -> None:
    standard, enterprise = Pool(fqdn=FIRST, computers=(FIRST,)), Pool(fqdn=POOL, computers=(FIRST,))
    assert topology_objects.find_pool([enterprise, standard], FIRST.upper()) == standard
    assert topology_objects.find_pool([enterprise], FIRST) == enterprise
    assert topology_objects.find_pool([enterprise, standard], "") is None


def test_a_replica_without_its_state_is_neither_late_nor_up_to_date() -> None:
    shown: list[dict[str, Any]] = [
        {"ReplicaFqdn": FIRST, "UpToDate": "False"},
        {"ReplicaFqdn": POOL},
        {"UpToDate": True},
    ]
    assert topology_objects.replicas(shown) == (
        Replica(fqdn=FIRST, up_to_date=False),
        Replica(fqdn=POOL, up_to_date=None),
    )


def test_services_name_their_pool_or_are_named_after_it() -> None:
    shown: list[dict[str, Any]] = [
        {"Identity": f"WebServer:{POOL}"},
        {"PoolFqdn": FIRST, "Identity": "WebServer:x"},
        {"Version": 6},
    ]
    assert topology_objects.pools_of_services(shown) == {POOL, FIRST}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=40,
)
names = st.sampled_from(
    ["Identity", "Fqdn", "Pool", "Computers", "Name", "Status", "PoolFqdn", "ReplicaFqdn", "UpToDate", "Cmdlets"]
)


@given(st.lists(st.dictionaries(names, values), max_size=8), st.text(max_size=30))
def test_no_object_is_too_strange(objects: list[dict[str, Any]], name: str) -> None:
    for pool in topology_objects.pools(objects):
        assert pool.computers is None or 0 < len(pool.computers) <= MOST_COMPUTERS
    assert len(topology_objects.computers_of(objects, name)) <= MOST_COMPUTERS
    assert all(one.name for one in topology_objects.services(objects))
    assert all(one.fqdn for one in topology_objects.replicas(objects))
    assert "" not in topology_objects.pools_of_services(objects)
    for one in objects:
        held = roles.held_by(one)
        assert held is None or all(name.islower() and "-cs" in name for name in held)
