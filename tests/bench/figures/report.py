# SPDX-License-Identifier: MIT
"""Figures gathered over the rounds, and how they are told: tables for people, JSON for the rest."""

from statistics import median

OURS = "fid"
NOTHING = "."


class Results:
    """Values by measure, unit and subject, in the order they first came."""

    def __init__(self):
        self._rows: dict[tuple[str, str], dict] = {}
        self.failures: list[str] = []

    def add(self, measure, subject: str, values) -> None:
        for figure, value in zip(measure.figures, values, strict=True):
            row = self._rows.setdefault(
                (measure.name, figure.unit), {"figure": figure, "values": {}}
            )
            if value is not None:
                row["values"].setdefault(subject, []).append(value)

    def add_failure(self, measure, subject: str, why: str) -> None:
        self.failures.append(f"{measure.name} with {subject}: {why}".replace("\n", "; "))

    def medians(self):
        """Yields (measure, figure, subject -> median)."""
        for (measure, _), row in self._rows.items():
            yield (
                measure,
                row["figure"],
                {subject: median(values) for subject, values in row["values"].items()},
            )

    def as_json(self) -> list[dict]:
        return [
            {
                "measure": measure,
                "unit": unit,
                "better": "less" if row["figure"].less_is_better else "more",
                "values": row["values"],
                "median": {name: median(values) for name, values in row["values"].items()},
            }
            for (measure, unit), row in self._rows.items()
        ]


def three_digits(value: float) -> str:
    """As many decimals as three significant digits take; thousands as k."""
    if value >= 9_999.5:
        return f"{value / 1000:.0f}k" if value >= 99_950 else f"{value / 1000:.1f}k"
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def print_table(title: str, columns: list[str], rows: list[tuple[str, dict]]) -> None:
    if not rows:
        return
    label = max([len(title)] + [len(name) for name, _ in rows])
    widths = {column: max(len(column), 7) for column in columns}
    print()
    print(title.ljust(label), *(column.rjust(widths[column]) for column in columns))
    for name, cells in rows:
        print(
            name.ljust(label),
            *(cells.get(column, NOTHING).rjust(widths[column]) for column in columns),
        )


def print_results(results: Results, order: list[str]) -> None:
    medians = list(results.medians())
    seen = {subject for _, _, values in medians for subject in values}
    columns = [name for name in order if name in seen]
    print_table(
        "median",
        columns,
        [
            (f"{measure} {figure.unit}", {name: three_digits(v) for name, v in values.items()})
            for measure, figure, values in medians
        ],
    )
    if OURS in columns:
        print_ratios(medians, [column for column in columns if column != OURS])
    for failure in results.failures:
        print(f"failed: {failure}")


def print_ratios(medians, columns: list[str]) -> None:
    """Ours to theirs, with a mark where theirs is better by more than a rounding."""
    rows = []
    for measure, figure, values in medians:
        if not values.get(OURS):
            continue
        cells = {}
        for name, value in values.items():
            if name == OURS or value == 0:
                continue
            ratio = values[OURS] / value
            behind = ratio > 1.005 if figure.less_is_better else ratio < 0.995
            cells[name] = f"{ratio:.2f}" + ("!" if behind else " ")
        better = "less" if figure.less_is_better else "more"
        rows.append((f"{measure} {figure.unit} ({better} is better)", cells))
    print_table(f"{OURS} / theirs; !: {OURS} is behind", columns, rows)
