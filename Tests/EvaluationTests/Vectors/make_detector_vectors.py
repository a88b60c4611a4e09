"""Makes detector_vectors.json: the evidence of e-detectors, week by week.

    python3 make_detector_vectors.py FOLDER_OF_THIS_FILE

Follows the definition with plain numbers of 60 decimal digits (module decimal of the standard library),
not with logarithms of doubles as Holdout does:

    R = [(1 + r) * exp(O * ln(a / t) - (a - t) * E) for r, a in zip(R, alternatives)]

with t the end of the tolerance and a the alternatives beyond it (Shin, Ramdas, and Rinaldo, 2024). The
evidence is the mean of R; the file has its natural logarithm, rounded to a double.
"""

import decimal
import json
import math
import pathlib
import platform
import random
import sys
from decimal import Decimal

decimal.getcontext().prec = 60

# The alternatives with a tolerance of 0.2, as the design states them. With another tolerance they are
# as far beyond its end, relative to it.
FEWER = [Decimal(a) / Decimal("0.8") for a in ("0.4", "0.5", "0.6", "0.7")]
MORE = [Decimal(a) / Decimal("1.2") for a in ("1.4", "1.6", "2", "2.5")]


def evidence(weeks, tolerance):
    """The logarithms of the evidence for fewer and for more events, after each week."""
    ends = [(1 - Decimal(tolerance), FEWER), (1 + Decimal(tolerance), MORE)]
    values = [[Decimal(0)] * 4 for _ in ends]
    found = []
    for observed, expected in weeks:
        for number, (end, factors) in enumerate(ends):
            values[number] = [
                (1 + r) * (observed * factor.ln() - (factor - 1) * end * Decimal(expected)).exp()
                for r, factor in zip(values[number], factors)
            ]
        found.append([float((sum(own) / 4).ln()) for own in values])
    return found


def poisson(draw, mean):
    limit, product, count = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        count += 1
    return count


def case(name, draw, tolerance, means, rate):
    """Weeks whose expected events are uniform around `means`, and whose true rate is `rate(week)`."""
    weeks = []
    for week, mean in enumerate(means):
        # Three decimals, so that the number in the file is the number that was used.
        expected = round(draw.uniform(0.5, 1.5) * mean, 3)
        weeks.append([poisson(draw, expected * rate(week)), expected])
    exact = [(observed, repr(expected)) for observed, expected in weeks]
    return {
        "name": name, "tolerance": tolerance,
        "observed": [observed for observed, _ in weeks],
        "expected": [expected for _, expected in weeks],
        "log_evidence": evidence(exact, repr(tolerance)),
    }


def main():
    draw = random.Random(20240229)
    cases = [
        case("half from week 20, then twice", draw, 0.2, [4.8] * 104,
             lambda week: 1 if week < 20 else 0.5 if week < 52 else 2),
        case("nothing wrong", draw, 0.2, [4.8] * 156, lambda week: 1),
        case("few events", draw, 0.2, [0.2] * 104, lambda week: 1),
        case("no tolerance", draw, 0.0, [20] * 52, lambda week: 0.9),
        case("a wide tolerance", draw, 0.35, [20] * 52, lambda week: 1.5),
        case("beyond the greatest double", draw, 0.2, [300] * 52, lambda week: 0.1),
    ]
    folder = pathlib.Path(sys.argv[1])
    document = {"versions": {"python": platform.python_version()}, "cases": cases}
    (folder / "detector_vectors.json").write_text(json.dumps(document) + "\n")


main()
