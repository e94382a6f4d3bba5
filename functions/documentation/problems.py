"""What is said about a type of problem."""

from shared.errors import ProblemError
from shared.http.routes import PREFIX


def explained(problem: type[ProblemError]) -> dict[str, str | int]:
    """What all problems of the type have in common, as JSON."""
    return {
        "type": f"{PREFIX}/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "advice": problem.advice,
    }
