"""The user's keep-outs: areas without metal of any net."""

from __future__ import annotations

from router.model.design import Design
from router.model.layout import Violation
from router.model.pdk import Rule, RuleKind
from router.verify.edges import overlap_findings
from router.verify.findings import Layers, violations
from router.verify.merge import merge


def keepout_violations(layers: Layers, design: Design) -> list[Violation]:
    """Metal of nets inside a keep-out, under the rule name `KEEPOUT.` and its name. Touching the border is allowed."""
    found: list[Violation] = []
    for keepout in design.keepouts:
        forbidden = merge([keepout.ring])
        for index in keepout.levels:
            level = design.pdk.levels[index].name
            rule = Rule(f"KEEPOUT.{keepout.name}", RuleKind.SEPARATION, (level,), 0)
            findings = overlap_findings(layers.regions[level], forbidden, touching=False)
            findings.islands[:, 1] = -1
            found += [violation for violation in violations(rule, findings, layers) if violation.nets]
    return found
