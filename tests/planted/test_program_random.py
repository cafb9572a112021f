"""The KLayout program on random packages, and on names made of all that means something in Ruby, XML or SPICE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cut_limits import pads_too_near
from klayout_program import MISSING, as_decks_tell, installed, run_decks, verdict
from metal_limits import close_side_by_side
from nets import labelled_metal_of_nothing, net_in_a_keepout, swapped_labels, two_nets_touching
from random_scenes import random_discs, random_scene
from scene import PDK, Scene
from test_random_scenes import DISCS_ONCE_DIFFERENT, ONCE_DIFFERENT

from router.model.pdk import PadShape, PadStyle, Pdk, ShapeKind, TerminalKind
from router.verify import check
from router.verify.agree import differences

pytestmark = pytest.mark.skipif(not installed(), reason=MISSING)

ODD = "q\"#{exit(7)}'\\x41%~<&>]]>:;,|$`(){}=*"


def unlike(scenes: dict[str, Scene], folder: Path) -> list[str]:
    """Names of the scenes on which the program and our own judge differ."""
    for name, scene in scenes.items():
        scene.write(folder / f"{name}.gds")
    designs = {name: scene.design() for name, scene in scenes.items()}
    run_decks(folder, designs)
    own = {name: as_decks_tell(check(folder / f"{name}.gds", design), design) for name, design in designs.items()}
    assert any(not one.clean for one in own.values())
    return [name for name, one in own.items() if differences(one, verdict(folder, name), ("own", "program"))]


@pytest.mark.parametrize("seed", DISCS_ONCE_DIFFERENT)
def test_runs_along_discs(seed: int, tmp_path: Path) -> None:
    assert unlike({"discs": random_discs(seed)}, tmp_path) == []


def test_random_packages(tmp_path: Path) -> None:
    seeds = [*range(4100, 4110), *ONCE_DIFFERENT[::2]]
    assert unlike({f"seed{seed}": random_scene(seed) for seed in seeds}, tmp_path) == []


def odd(name: str) -> str:
    return name + ODD


def oddly_named(pdk: Pdk) -> Pdk:
    return replace(
        pdk,
        name=odd(pdk.name),
        description="\"#{raise 'x'}\"\nexit 3\r\nputs \x01 \u2028 ü\n=begin",
        masks=tuple(replace(mask, name=odd(mask.name)) for mask in pdk.masks),
        levels=tuple(replace(level, name=odd(level.name)) for level in pdk.levels),
        vias=tuple(replace(via, name=odd(via.name), lower=odd(via.lower), upper=odd(via.upper)) for via in pdk.vias),
        pads={
            odd("pad"): PadStyle(
                odd("pad"), TerminalKind.BUMP, odd("M1"), (PadShape(odd("M1"), ShapeKind.RECT, 6000, 6000),)
            )
        },
        rules=tuple(replace(rule, name=odd(rule.name), masks=tuple(map(odd, rule.masks))) for rule in pdk.rules),
    )


def oddly_planted(plant: Callable[[Scene], None]) -> Scene:
    scene = Scene()
    plant(scene)
    return Scene(
        pdk=oddly_named(PDK),
        masks={odd(mask): rings for mask, rings in scene.masks.items()},
        labels={
            odd(mask): [replace(label, text=odd(label.text)) for label in labels]
            for mask, labels in scene.labels.items()
        },
        terminals=[replace(terminal, id=odd(terminal.id), pad=odd("pad")) for terminal in scene.terminals],
        nets=[replace(net, name=odd(net.name)) for net in scene.nets],
        keepouts=tuple(replace(keepout, name=odd(keepout.name)) for keepout in scene.keepouts),
    )


def test_odd_names(tmp_path: Path) -> None:
    plants = {
        plant.__name__: plant
        for plant in (two_nets_touching, net_in_a_keepout, swapped_labels, labelled_metal_of_nothing)
    }
    plants["close"] = lambda scene: close_side_by_side(scene, 1)
    plants["near"] = lambda scene: pads_too_near(scene, 1)
    assert unlike({name: oddly_planted(plant) for name, plant in plants.items()}, tmp_path) == []
