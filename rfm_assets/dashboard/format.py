"""Numbers and dates as text. Money is in the currency of the shop file, or of RFM_CURRENCY."""

from datetime import UTC, date, datetime

from rfm_assets.config import in_force
from rfm_assets.config.money import Number
from rfm_assets.config.money import money as written

AS_OF_HELP = "Every number is as of the end of this day; later deliveries are not included."

_STEPS = ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k"))
_WITHOUT_A_CENT = 10_000  # from here on, cents are noise


def money(amount: Number) -> str:
    """`£1,234.50`; `£12,345` where cents no longer matter."""
    return whole_money(amount) if abs(float(amount)) >= _WITHOUT_A_CENT else exact_money(amount)


def whole_money(amount: Number) -> str:
    """`£1,235`: where cents say nothing."""
    return written(amount, 0)


def exact_money(amount: Number) -> str:
    """`£8,673,383.33`: to the penny, where sums are to be checked."""
    return written(amount)


def short_money(amount: Number) -> str:
    """`£8.67m`: for cards."""
    step, unit = step_of(amount)
    return written(float(amount) / step, 2) + unit if unit else money(amount)


def brief_money(amount: Number) -> str:
    """`£263k`, `£26.3k`, `£8.67m`: three digits, for prose."""
    step, unit = step_of(amount)
    if not unit:
        return whole_money(amount)
    whole_digits = len(f"{abs(float(amount)) / step:.0f}")
    return written(float(amount) / step, max(3 - whole_digits, 0)) + unit


def step_of(number: Number) -> tuple[int, str]:
    """The thousand, million or billion that a number is some of, and its letters; an axis up to it counts in these."""
    return next(((step, unit) for step, unit in _STEPS if abs(float(number)) >= step), (1, ""))


def spend() -> str:
    """What customers' money is called: `Lifetime spend, gross`, or net where the shop file takes returns off."""
    return f"Lifetime spend, {in_force.segments().monetary}"


def printf_money(digits: int) -> str:
    """`£%,.2f`: money, where Streamlit writes the numbers."""
    return f"{symbol().replace('%', '%%')}%,.{digits}f"


def symbol() -> str:
    """`£`: what stands before amounts."""
    return in_force.currency().symbol


def count(number: Number) -> str:
    """`4,285`; a fraction keeps one digit."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def mean(number: Number) -> str:
    """`4.25`."""
    return f"{number:,.2f}"


def percent(share: Number, digits: int = 1) -> str:
    """`20.8%`, from a share in percent."""
    return f"{share:,.{digits}f}%"


def change(now: Number, before: Number | None) -> str | None:
    """`+1.2%` from one number to another; None where there is nothing to compare with."""
    return f"{100 * (float(now) / float(before) - 1):+,.1f}%" if before else None


def ago(days: Number) -> str:
    """`today`, `yesterday`, `12 days ago`."""
    return {0: "today", 1: "yesterday"}.get(int(days)) or f"{plural(days, 'day')} ago"


def plural(number: Number, one: str, many: str | None = None) -> str:
    """`1 day`, `12 days`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def day(when: date) -> str:
    """`28 Apr 2026`."""
    return f"{when.day} {when:%b %Y}"


def moment(when: datetime) -> str:
    """`28 Apr, 09:31 UTC`, with the year where it is not this one; the published copy keeps UTC without a zone."""
    year = "" if when.year == datetime.now(UTC).year else f" {when.year}"
    return f"{when.day} {when:%b}{year}, {when:%H:%M} UTC"


def md(text: str) -> str:
    """A text that Markdown shows as it is: no letter of it is taken for a mark."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~$<>:" else letter for letter in text)
