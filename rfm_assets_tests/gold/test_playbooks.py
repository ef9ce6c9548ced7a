"""Playbooks are complete, contradict no customer's situation, and can be overridden by the shop."""

import re
from dataclasses import astuple, replace

import pytest

from rfm_assets.config.segments import CELLS, Segments
from rfm_assets.gold.playbooks import JUST_ORDERED, PLAYBOOKS, Playbook, aim_for, playbooks
from rfm_assets.gold.segments import RECOMMENDATIONS, recommendations

AT_RISK, ACTIVE = "High Value - At Risk", "High Value - Active & Engaged"
DEFAULTS = playbooks(Segments())
every_cell = pytest.mark.parametrize("cell", CELLS)

NEVER_BOUGHT = r"first[- ](purchase|order)|welcome|onboard|new customer|prospect"
"""Texts for people who never bought; everyone in a segment has."""
BRINGS_BACK = r"win[ -]?back|bring (them )?back|come back|miss you|reactivat|revive|re-engage|lapse|return to"
"""Texts for customers who have been away."""


def words(book: Playbook) -> str:
    return " ".join(astuple(book)).lower()


@every_cell
def test_every_segment_has_an_aim_a_channel_an_offer_a_timing_and_a_measure(cell: str) -> None:
    assert all(text and text == text.strip() for text in astuple(DEFAULTS[cell]))


@every_cell
def test_nobody_is_spoken_to_as_if_they_had_never_bought(cell: str) -> None:
    assert not re.search(NEVER_BOUGHT, words(DEFAULTS[cell]))


@every_cell
def test_only_who_has_been_away_is_brought_back_and_not_on_the_day_of_an_order(cell: str) -> None:
    is_away = cell.endswith(("At Risk", "Inactive"))
    assert is_away or not re.search(BRINGS_BACK, words(DEFAULTS[cell]))
    assert aim_for(cell, 0) == (JUST_ORDERED if is_away else PLAYBOOKS[cell].aim)
    assert aim_for(cell, 1) == PLAYBOOKS[cell].aim
    assert not re.search("win back", JUST_ORDERED)


def test_what_the_shop_file_says_stands_in_place_of_the_default_key_by_key() -> None:
    own = Segments.model_validate(
        {"cells": {AT_RISK: {"name": "VIP at risk", "recommendation": "Call them", "timing": "On Monday"}}}
    )
    found = playbooks(own)
    assert found["VIP at risk"] == replace(DEFAULTS[AT_RISK], aim="Call them", timing="On Monday")
    assert found[ACTIVE] == DEFAULTS[ACTIVE]
    everything = {"recommendation": "a", "channel": "b", "offer": "c", "timing": "d", "measure": "e"}
    whole = playbooks(Segments.model_validate({"cells": {ACTIVE: everything}}))
    assert whole[ACTIVE] == Playbook(*everything.values())


def test_notes_of_a_playbook_change_neither_the_policy_nor_the_tables() -> None:
    notes = {"channel": "phone", "offer": "tea", "timing": "now", "measure": "orders"}
    noted = Segments.model_validate({"cells": {ACTIVE: notes}})
    assert noted.policy == Segments().policy
    assert recommendations(noted) == recommendations(Segments()) == RECOMMENDATIONS
