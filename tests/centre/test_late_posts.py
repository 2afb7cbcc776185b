# SPDX-License-Identifier: Apache-2.0
"""A public file that comes after entry 0 enrols nobody, and whoever starts the centre is told."""

from pathlib import Path

from standclear import wiring
from standclear.config import Config
from standclear.identity import new_identity, public_text


def test_a_post_whose_file_came_too_late_is_named_and_the_others_are_not(tmp_path: Path) -> None:
    directory = tmp_path / "centre"
    early, late = (new_identity("party-azure", post, wiring.draw) for post in ("watch", "night"))
    config = Config(origin="exercise.example/late", exercise=True)
    wiring.init_directory(directory, config, wiring.starter_terms(), (early,))
    opened = wiring.open_directory(directory)
    try:
        assert list(wiring.late_posts(opened)) == []
        wiring.add_post(directory, "night", public_text(late))
        (directory / "keys" / "posts" / "torn.pub").write_text("actor =", encoding="utf-8")
        named, torn = wiring.late_posts(opened)
    finally:
        opened.centre.close()
    assert named.startswith("night.pub came after entry 0 and enrols nobody: invite party-azure, night")
    assert "torn.pub" in torn
