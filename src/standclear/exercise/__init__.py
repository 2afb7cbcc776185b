# SPDX-License-Identifier: Apache-2.0
"""The Ituri exercise: invented parties over real places, played through the public API with real signatures."""

from standclear.exercise.data import exercise_terms, facilities, terms_text
from standclear.exercise.play import play
from standclear.exercise.result import ActivityOutcome, ExerciseResult, Fact

__all__ = [
    "ActivityOutcome",
    "ExerciseResult",
    "Fact",
    "exercise_terms",
    "facilities",
    "play",
    "terms_text",
]
