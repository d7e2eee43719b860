"""Fits the weights of store/stories/likeness.py on the labelled articles set aside for it.

    python -m benchmarks.stories_fit

Prints the weights, to be pasted into WEIGHTS. Logistic regression on the pairs that the clusterer compares, drawn towards
PRIOR by a Gaussian, so that evidence that the articles hardly show keeps what was thought of it.
"""

import itertools
import math
import sys
from pathlib import Path

from store.stories.evaluate import read_labelled
from store.stories.features import features_of
from store.stories.likeness import VETO, Frequencies, evidence_of
from store.stories.vocabulary import load_vocabulary

ROOT = Path(__file__).resolve().parents[1]
EVENTS = ROOT / "tests" / "stories" / "events"
PRIOR = {
    "bias": -4.5,
    "persons": 3.0,
    "heads shared": 1.0,
    "heads differ": -1.2,
    "places": 2.0,
    "places differ": -2.5,
    "terms": 3.0,
    "acts": 1.5,
    "acts differ": -0.5,
    "headlines differ": -0.5,
    "words": 5.0,
    "counts shared": 1.0,
    "counts differ": -2.5,
    "codes shared": 1.0,
    "codes differ": -1.5,
    "time same": 2.0,
    "time mentioned": 0.5,
    "time next": -1.0,
    "time near": -2.5,
    "time fits": 0.8,
    "time loose": -1.0,
    "time unknown": 0.0,
}
"""What each piece of evidence was thought to be worth before anything was measured."""
SPREAD = 1.0
"""Standard deviation of the prior: a weight moves by more than this only on the word of several pairs."""
STEPS, RATE = 400, 0.5


SUPPOSED = ("fits", "same", "next")
"""Days supposed for pairs of articles that are far apart: a busier week, in which only what is told keeps events apart."""
SUPPOSED_WEIGHT = 0.05


def samples(paths):
    """Evidence, label (1.0 for one event) and weight of pairs of labelled articles: as they are, and supposing other days."""
    labelled = read_labelled(paths)
    vocabulary = load_vocabulary(ROOT / "seeds" / "people.toml")
    event = {article.report.id: article.event for article in labelled}
    features = [features_of(article.report, vocabulary) for article in labelled]
    frequencies = Frequencies()
    for one in features:
        frequencies.add(one)
    for number, (one, other) in enumerate(itertools.combinations(features, 2)):
        evidence = {"bias": 1.0, **evidence_of(one, other, frequencies)}
        apart = evidence.pop(VETO, None)
        label = float(event[one.id] == event[other.id])
        if not apart:
            yield evidence, label, 1.0
        if label or event[one.id][1:] + event[other.id][1:] not in SAME_PROSE:
            untimed = {name: strength for name, strength in evidence.items() if not name.startswith("time ")}
            yield {**untimed, "time unknown": 1.0}, label, 0.2 if label else SUPPOSED_WEIGHT
            if not label:
                yield {**untimed, f"time {SUPPOSED[number % len(SUPPOSED)]}": 1.0}, label, SUPPOSED_WEIGHT


SAME_PROSE = ("0304", "0403")
"""Events a year apart that are told in the same words: put into one week they would be one."""


def fit(pairs, prior):
    """The weights of the greatest posterior, by gradient descent with a step a weight (Adagrad)."""
    weights, squares = dict(prior), dict.fromkeys(prior, 1e-6)
    for _ in range(STEPS):
        slope = {name: (weights[name] - prior[name]) / SPREAD**2 for name in weights}
        for evidence, label, weight in pairs:
            score = sum(weights[name] * strength for name, strength in evidence.items())
            error = weight * (1 / (1 + math.exp(-score)) - label)
            for name, strength in evidence.items():
                slope[name] += error * strength
        for name, value in slope.items():
            squares[name] += value * value
            weights[name] -= RATE * value / math.sqrt(squares[name])
        if max(abs(value) for value in slope.values()) < 0.01:
            break
    return weights


def main():
    """Fits and prints."""
    pairs = list(
        samples(sorted(itertools.chain.from_iterable(EVENTS.glob(pattern) for pattern in sys.argv[1:] or ["tune_*.txt"])))
    )
    print(f"{len(pairs)} pairs, {sum(label for _, label, weight in pairs if weight == 1):.0f} of one event", file=sys.stderr)
    for name, weight in fit(pairs, PRIOR).items():
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
