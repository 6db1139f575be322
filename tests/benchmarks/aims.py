"""What was to be reached, beside what was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """A figure with its bound: at `least`, or at `most`."""

    subject: str
    found: float
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        bounds = []
        if self.least is not None:
            bounds.append(f"at least {self.least:g}")
        if self.most is not None:
            bounds.append(f"at most {self.most:g}")
        met = "met" if self.is_met else "MISSED"
        return f"{met:7}{self.found:8.2f}  {' and '.join(bounds):14}  {self.subject}"

    @property
    def is_met(self) -> bool:
        enough = self.least is None or self.found >= self.least
        return enough and (self.most is None or self.found <= self.most)
