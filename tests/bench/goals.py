# SPDX-License-Identifier: BSL-1.0
"""The goals for speed, each judged by the figure that this run measured."""

import dataclasses
import operator
import typing

import scenarios

OPERATORS = {"<=": operator.le, ">=": operator.ge}


@dataclasses.dataclass(frozen=True)
class Goal:
    number: int
    measure: str
    relation: str
    bound: float
    figure: typing.Callable  # from the results to a number, or None when not measured
    held: float | None = None  # what CI holds where the goal itself is not reached yet


def cpu(scenario, base, name="mortise"):
    return lambda results: scenarios.ratio(results["timed"].get(scenario, {}), name, base)


def rate(base):
    return lambda results: scenarios.ratio(results["timed"].get("two-cores", {}), "mortise", base,
                                           "rate")


def instructions_of(name):
    """Against the plain one's."""
    def figure(results):
        counted_each = results["counted"].get("instructions", {})
        plain, other = counted_each.get("mortise"), counted_each.get(name)
        return other / plain if plain and other else None
    return figure


def counted(key):
    return lambda results: results["counted"].get(key, {}).get("mortise")


GOALS = [
    Goal(1, "CPU per request, against the limit", "<=", 1.08, cpu("plain", "limit")),
    Goal(2, "… against nginx", "<=", 0.70, cpu("plain", "nginx")),
    Goal(2, "… against Kore", "<=", 0.65, cpu("plain", "kore")),
    Goal(2, "… against aiohttp", "<=", 0.045, cpu("plain", "aiohttp")),
    Goal(3, "a browser's fields, against the limit", "<=", 1.10, cpu("browser", "limit")),
    Goal(3, "… against nginx", "<=", 0.45, cpu("browser", "nginx")),
    Goal(3, "… against Kore", "<=", 0.40, cpu("browser", "kore")),
    Goal(4, "16 pipelined, against the limit", "<=", 1.10, cpu("pipelined", "limit")),
    Goal(5, "requests/s on two cores, against the limit", ">=", 0.93, rate("limit")),
    Goal(5, "… against nginx", ">=", 1.5, rate("nginx")),
    Goal(6, "one busy connection, against the limit", "<=", 1.18, cpu("single", "limit")),
    Goal(7, "a new connection per request, against the limit", "<=", 1.08, cpu("close", "limit")),
    Goal(8, "bytes of user memory per idle connection", "<=", 200, counted("memory")),
    Goal(9, "instructions per request in user space", "<=", 1200, counted("instructions"),
         held=2200),  # a run's batches move it by a few
    Goal(10, "system calls per request", "<=", 2.1, counted("calls")),
    Goal(11, "heap allocations per request", "<=", 0, counted("allocations")),
    Goal(12, "access log in a file and metrics, against goal 1's run", "<=", 1.10,
         cpu("plain", "mortise", "mortise+observed")),
    Goal(13, "a coroutine handler that does not wait, against a plain one, instructions", "<=", 1.15,
         instructions_of("mortise+coroutine")),
]


def is_met(goal, figure):
    # A run counts a background allocation or two; a request's own would count one each.
    slack = 0.001 if goal.bound == 0 else 0
    return OPERATORS[goal.relation](figure, goal.bound + slack)


def numbered(number):
    return next(goal for goal in GOALS if goal.number == number)
