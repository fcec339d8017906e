# SPDX-License-Identifier: BSL-1.0
"""Holds the counted goals, which have little noise: gates.py --build DIR GATE.

Fails above the goal, or above what was reached of it where it is not reached yet: a step back is
seen at once, and each step forward lowers the bound."""

import argparse
import pathlib
import sys

import callgrind
import counts
import goals
import processes


def count_instructions(name, build):
    # Other work on the machine leaves fewer requests to each wait, and makes each of them dearer.
    costs = min((counts.instructions(name, build) for _ in range(3)),
                key=lambda counted: sum(counted.values()))
    for stage, cost in callgrind.by_stage(costs).most_common():
        if cost >= 0.5:
            print(f"{cost:8.1f}  {stage}")
    return sum(costs.values())


def count_calls(name, build):
    calls = counts.system_calls(name, build)
    for call, count in sorted(calls.items(), key=lambda one: -one[1]):
        print(f"{count:8.3f}  {call}")
    return sum(calls.values())


def compare_coroutines(name, build):
    figures = {}
    for each in (name, "mortise+coroutine"):
        figures[each] = sum(counts.instructions(each, build).values())
        print(f"{figures[each]:8.1f}  {each}")
    return figures["mortise+coroutine"] / figures[name]


GATES = {
    "instructions": (9, count_instructions),
    "calls": (10, count_calls),
    "allocations": (11, counts.allocations),
    "coroutine": (13, compare_coroutines),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--server", default="mortise")
    parser.add_argument("gate", choices=GATES)
    arguments = parser.parse_args()
    number, count = GATES[arguments.gate]
    goal = goals.numbered(number)
    figure = count(arguments.server, arguments.build.resolve())
    is_met = goals.is_met(goal, figure)
    is_held = is_met or (goal.held is not None and figure <= goal.held)
    print(f"{goal.measure}: {figure:.3f}, the goal is {goal.relation} {goal.bound:g}: "
          f"{'met' if is_met else 'not met'}"
          f"{'' if goal.held is None else f', held at {goal.held:g}'}")
    return 0 if is_held else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except processes.BenchError as fault:
        sys.exit(f"gates: {fault}")
