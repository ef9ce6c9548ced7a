"""SVG elements of a picture: axes, points and texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

_SMALL = 11
FONT = f"font-family='DejaVu Sans,Verdana,Helvetica,Arial,sans-serif' font-size='{_SMALL}'"


@dataclass(frozen=True)
class Plot:
    """A plot area of the picture, and the values at its edges."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        """The horizontal position of a value."""
        return round(self.left + (value - self.x_range[0]) / (self.x_range[1] - self.x_range[0]) * self.width, 1)

    def y(self, value: float) -> float:
        """The vertical position of a value."""
        return round(self.top + (self.y_range[1] - value) / (self.y_range[1] - self.y_range[0]) * self.height, 1)

    def axes(self, title: str, x_title: str, y_title: str, *, y_title_gap: float = 44) -> Iterator[str]:
        """Both axes with their titles, and the title above; the y title is `y_title_gap` to the left of its axis."""
        left, bottom, middle = self.left, self.top + self.height, self.left + self.width / 2
        yield f"<path d='M{left} {self.top}V{bottom}H{left + self.width}' fill='none' stroke='#000'/>"
        yield text(middle, self.top - 12, title, size=14)
        yield text(middle, bottom + 34, x_title, size=12)
        yield text(left - y_title_gap, self.top + self.height / 2, y_title, size=12, turned=True)

    def ticks(self, x_values: Iterable[float], y_labels: Iterable[tuple[float, str]]) -> Iterator[str]:
        """Ticks on both axes; those of y have labels of their own."""
        bottom = self.top + self.height
        for value in x_values:
            yield f"<path d='M{self.x(value)} {bottom}v4' stroke='#000'/>" + text(
                self.x(value), bottom + 17, f"{value}"
            )
        for value, label in y_labels:
            yield f"<path d='M{self.left} {self.y(value)}h-4' stroke='#000'/>"
            yield text(self.left - 7, self.y(value) + 4, label, anchor="end")


def dots(points: Iterable[tuple[float, float]], marker: str, colour: str, *, size: float = 4) -> str:
    """Draws one marker at each point, as a single path."""
    if marker in {"round", "square"}:
        ends = "".join(f"M{x:g} {y:g}h0" for x, y in points)
        return f"<path class='dots' d='{ends}' stroke='{colour}' stroke-width='{size}' stroke-linecap='{marker}'/>"
    shapes = "".join(f"M{x:g} {y:g}{marker}" for x, y in points)
    fill = colour if marker.endswith("z") else "none"
    return f"<path class='dots' d='{shapes}' fill='{fill}' stroke='{colour}' stroke-width='0.8'/>"


def text(  # noqa: PLR0913 - the attributes of text in SVG
    x: float,
    y: float,
    *lines: str,
    size: int = _SMALL,
    anchor: Literal["start", "middle", "end"] = "middle",
    bold: bool = False,
    turned: bool = False,
) -> str:
    """Writes lines at a point; later ones are indented a little."""
    attributes = [f"x='{x:g}' y='{y:g}' text-anchor='{anchor}'"]
    attributes += [f"font-size='{size}'"] if size != _SMALL else []
    attributes += ["font-weight='bold'"] if bold else []
    attributes += [f"transform='rotate(-90 {x:g} {y:g})'"] if turned else []
    more = "".join(f"<tspan x='{x + 14:g}' dy='14'>{escape(line)}</tspan>" for line in lines[1:])
    return f"<text {' '.join(attributes)}>{escape(lines[0])}{more}</text>"
