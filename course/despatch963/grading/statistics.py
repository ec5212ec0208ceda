"""What a class's marks say of the questions and of the class: classical test theory, on frames.

`scores` is everywhere a frame with a row per student and a column per question, of scores in
[0, 1]; `points` has the points of each question by its id.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def items(scores: "pd.DataFrame", points: "pd.Series") -> "pd.DataFrame":
    """Return a row per question: `difficulty` and `discrimination`.

    Difficulty is the mean score: 1 when everybody has it right. Discrimination is the correlation
    of the question's points with the points on all other questions (the corrected item-total
    correlation); missing where it has no meaning, as when all have the same score.
    """
    earned = scores * points
    total = earned.sum(axis=1)
    discrimination = {name: _correlation(earned[name], total - earned[name]) for name in earned}
    return scores.mean().to_frame("difficulty").assign(discrimination=discrimination)


def _correlation(one: "pd.Series", other: "pd.Series") -> float:
    if one.nunique() < 2 or other.nunique() < 2:
        return float("nan")
    return float(one.corr(other))


def reliability(scores: "pd.DataFrame", points: "pd.Series") -> float | None:
    """Return Cronbach's alpha of the paper, or None with fewer than two students or questions.

    (Cronbach, L. J., "Coefficient alpha and the internal structure of tests", Psychometrika 16,
    1951, 297-334.)
    """
    earned = scores * points
    count = earned.shape[1]
    spread = earned.sum(axis=1).var(ddof=1)
    if count < 2 or len(earned) < 2 or not spread > 0:
        return None
    return float(count / (count - 1) * (1 - earned.var(ddof=1).sum() / spread))


def mastery(scores: "pd.DataFrame", points: "pd.Series", skills: dict[str, str]) -> "pd.DataFrame":
    """Return a row per student and a column per skill: the share of its points that was earned.

    `skills` has the skill of each question by its id.
    """
    earned = (scores * points).T.groupby(skills).sum().T
    return earned / points.groupby(skills).sum()
