"""The statistics of a class, held against numpy's own and against classes whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from despatch963.grading import statistics
from hypothesis import given, settings
from hypothesis import strategies as st


def simulated(students, questions, spread, seed):
    """Right and wrong answers by the Rasch model; the wider the abilities, the more reliable."""
    chance = np.random.default_rng(seed)
    ability = chance.normal(0, spread, (students, 1))
    difficulty = chance.normal(0, 1, (1, questions))
    right = chance.random((students, questions)) < 1 / (1 + np.exp(difficulty - ability))
    return pd.DataFrame(right.astype(float), columns=[f"q{n}" for n in range(questions)])


def equal(scores):
    return pd.Series(1.0, index=scores.columns)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(10, 60), st.integers(3, 20))
def test_items_and_reliability_agree_with_numpy_on_simulated_classes(seed, students, questions):
    scores = simulated(students, questions, 1.5, seed)
    points = pd.Series(np.random.default_rng(seed).integers(1, 5, questions), scores.columns)
    earned = scores.to_numpy() * points.to_numpy()
    covariance = np.cov(earned, rowvar=False)
    alpha = questions / (questions - 1) * (1 - np.trace(covariance) / covariance.sum())
    assert statistics.reliability(scores, points) == pytest.approx(alpha)
    found = statistics.items(scores, points)
    for place, name in enumerate(scores):
        others = np.delete(earned, place, axis=1).sum(axis=1)
        if np.ptp(earned[:, place]) and np.ptp(others):
            expected = np.corrcoef(earned[:, place], others)[0, 1]
            assert found.loc[name, "discrimination"] == pytest.approx(expected)
        else:
            assert np.isnan(found.loc[name, "discrimination"])


def test_reliability_rises_with_what_students_differ_in_and_is_none_by_chance_alone():
    alike, apart = (simulated(2000, 20, spread, 1) for spread in (0, 2))
    assert abs(statistics.reliability(alike, equal(alike))) < 0.1
    assert statistics.reliability(apart, equal(apart)) > 0.8


def test_a_question_the_weak_answer_better_discriminates_below_zero():
    scores = simulated(300, 12, 2, 2)
    scores["turned"] = (scores.sum(axis=1) < 6).astype(float)
    assert statistics.items(scores, equal(scores)).loc["turned", "discrimination"] < -0.3


def test_a_class_of_one_or_of_equals_has_no_reliability():
    scores = pd.DataFrame({"a": [1.0], "b": [0.5]})
    assert statistics.reliability(scores, equal(scores)) is None
    scores = pd.DataFrame({"a": [1.0, 1.0], "b": [0.5, 0.5]})
    assert statistics.reliability(scores, equal(scores)) is None


def test_mastery_is_the_share_of_the_points_of_a_skill():
    scores = pd.DataFrame({"a": [1.0, 0.0], "b": [0.5, 1.0], "c": [0.0, 1.0]}, index=["x", "y"])
    points = pd.Series({"a": 1, "b": 3, "c": 2})
    found = statistics.mastery(scores, points, {"a": "argument", "b": "argument", "c": "sourcing"})
    assert found.loc["x"].to_dict() == {"argument": pytest.approx(2.5 / 4), "sourcing": 0.0}
    assert found.loc["y"].to_dict() == {"argument": 0.75, "sourcing": 1.0}
