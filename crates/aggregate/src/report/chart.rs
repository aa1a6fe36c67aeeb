//! Plots as inline SVG: scales, axes and marks. Colours come from the page's style sheet.

use super::html::escaped;

/// Width of every plot in its own units; the page scales it.
const WIDTH: f64 = 420.0;
const RIGHT: f64 = 22.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 44.0;
/// Width of a letter on the phone, where letters are largest.
const LETTER: f64 = 8.6;

/// A plot being drawn.
pub(super) struct Plot {
    body: String,
    title: String,
    left: f64,
    height: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot {
    /// An empty plot; `title` tells it to those who do not see it.
    pub(super) fn new(title: &str, height: f64, x: (f64, f64), y: (f64, f64)) -> Self {
        Self {
            body: String::new(),
            title: title.to_owned(),
            left: 46.0,
            height,
            x: wide(x),
            y: wide(y),
        }
    }

    /// Room on the left for labels of `left` units.
    pub(super) fn left(mut self, left: f64) -> Self {
        self.left = left;
        self
    }

    fn at_x(&self, value: f64) -> f64 {
        self.left + (value - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - self.left - RIGHT)
    }

    fn at_y(&self, value: f64) -> f64 {
        let (low, high) = self.y;
        TOP + (high - value) / (high - low) * (self.height - TOP - BOTTOM)
    }

    /// Ticks and a caption along the bottom; `name` says how a tick is written.
    pub(super) fn x_axis(&mut self, caption: &str, ticks: &[f64], name: impl Fn(f64) -> String) {
        let bottom = self.height - BOTTOM;
        for &tick in ticks {
            let x = self.at_x(tick);
            self.body += &format!(
                "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom:.1}\"/>"
            );
            self.text(x, bottom + 18.0, "middle", "", &name(tick));
        }
        let middle = f64::midpoint(self.left, WIDTH - RIGHT);
        self.text(middle, self.height - 6.0, "middle", "", caption);
    }

    /// Ticks along the left side.
    pub(super) fn y_axis(&mut self, ticks: &[f64], name: impl Fn(f64) -> String) {
        let right = WIDTH - RIGHT;
        for &tick in ticks {
            let (y, left) = (self.at_y(tick), self.left);
            self.body += &format!(
                "<line class=\"grid\" x1=\"{left:.1}\" x2=\"{right:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            );
            self.text(left - 6.0, y + 4.0, "end", "", &name(tick));
        }
    }

    /// Bars from 0, each between two places.
    pub(super) fn bar(&mut self, from: f64, to: f64, height: f64, hint: &str) {
        let (left, right) = (self.at_x(from) + 0.5, self.at_x(to) - 0.5);
        let (top, bottom) = (self.at_y(height), self.at_y(0.0));
        self.body += &format!(
            "<rect class=\"bar\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
            (right - left).max(0.5),
            (bottom - top).max(0.0),
            escaped(hint)
        );
    }

    /// A bar from the left side at a height.
    pub(super) fn strip(&mut self, y: f64, length: f64, hint: &str) {
        let (left, right, middle) = (self.at_x(0.0), self.at_x(length), self.at_y(y));
        self.body += &format!(
            "<rect class=\"bar\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\" rx=\"2\"><title>{}</title></rect>",
            middle - 8.0,
            (right - left).max(0.5),
            escaped(hint)
        );
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) =
            (self.at_x(from.0), self.at_y(from.1), self.at_x(to.0), self.at_y(to.1));
        self.body += &format!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    pub(super) fn path(&mut self, points: &[(f64, f64)]) {
        let points: Vec<String> = points
            .iter()
            .map(|&(x, y)| format!("{:.1},{:.1}", self.at_x(x), self.at_y(y)))
            .collect();
        self.body += &format!("<polyline class=\"line\" points=\"{}\"/>", points.join(" "));
    }

    pub(super) fn dot(&mut self, class: &str, at: (f64, f64), radius: f64, hint: &str) {
        let (x, y) = (self.at_x(at.0), self.at_y(at.1));
        let hint = if hint.is_empty() {
            String::new()
        } else {
            format!("<title>{}</title>", escaped(hint))
        };
        self.body += &format!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\">{hint}</circle>"
        );
    }

    /// A text left of the plot at a height.
    pub(super) fn label(&mut self, y: f64, text: &str) {
        let (x, y) = (self.left - 8.0, self.at_y(y) + 4.0);
        self.text(x, y, "end", "strong", text);
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
        self.body += &format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{}</text>",
            escaped(text)
        );
    }

    pub(super) fn svg(self) -> String {
        framed(&self.title, self.height, &self.body)
    }
}

/// A table of shares of 0..1 as shades; rows and columns carry names.
pub(super) fn heat(
    title: &str,
    rows: &[String],
    columns: &[String],
    share: impl Fn(usize, usize) -> f64,
) -> String {
    let longest =
        rows.iter().chain(columns).map(|name| name.chars().count()).max().unwrap_or(0) as f64;
    let left = (longest * LETTER + 12.0).clamp(30.0, 130.0);
    let cell = (WIDTH - left - 2.0) / columns.len().max(1) as f64;
    let high = cell.min(46.0);
    // Names above the columns stand upright where they would run into each other.
    let upright = longest * LETTER > cell;
    let top = if upright { left } else { 22.0 };
    let mut body = String::new();
    for (column, name) in columns.iter().enumerate() {
        let x = left + (column as f64 + 0.5) * cell;
        let (turn, anchor) = if upright {
            (format!(" transform=\"rotate(-90 {x:.1} {:.1})\"", top - 8.0), "start")
        } else {
            (String::new(), "middle")
        };
        body += &format!(
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" class=\"strong\"{turn}>{}</text>",
            top - if upright { 4.0 } else { 8.0 },
            escaped(name)
        );
    }
    for (row, name) in rows.iter().enumerate() {
        let y = top + row as f64 * high;
        body += &format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" class=\"strong\">{}</text>",
            left - 8.0,
            y + high / 2.0 + 4.0,
            escaped(name)
        );
        for (column, answer) in columns.iter().enumerate() {
            let value = share(row, column);
            let (x, width, height) = (left + column as f64 * cell, cell - 2.0, high - 2.0);
            body += &format!(
                "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"3\" \
                 fill-opacity=\"{:.3}\"><title>{} → {}: {:.1} %</title></rect>",
                0.06 + 0.94 * value.clamp(0.0, 1.0),
                escaped(name),
                escaped(answer),
                100.0 * value
            );
            if cell > 26.0 && value >= 0.005 {
                body += &format!(
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" class=\"{}\">{:.0}</text>",
                    x + width / 2.0,
                    y + height / 2.0 + 4.0,
                    if value > 0.66 { "on" } else { "strong" },
                    100.0 * value
                );
            }
        }
    }
    framed(title, top + rows.len() as f64 * high + 2.0, &body)
}

fn framed(title: &str, height: f64, body: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">{body}</svg>\n",
        escaped(title)
    )
}

/// A range that has some width.
fn wide((low, high): (f64, f64)) -> (f64, f64) {
    if high - low > 1e-300 { (low, high) } else { (low - 0.5, low + 0.5) }
}

/// About five round numbers within a range.
pub(super) fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let (low, high) = wide((low, high));
    let raw = (high - low) / 5.0;
    let power = 10f64.powf(raw.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|&s| s >= raw).unwrap_or(raw);
    let first = (low / step).ceil() as i64;
    let last = ((high / step).floor() as i64).min(first.saturating_add(12));
    (first..=last).map(|index| index as f64 * step).collect()
}

/// A number as short as its size allows.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if (1e6..1e9).contains(&size) {
        return format!("{} M", short(value / 1e6));
    }
    if size >= 1e9 || (size > 0.0 && size < 1e-3) {
        return format!("{value:.0e}");
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks((0.0, 1.0)), [0.0, 0.2, 0.4, 0.600_000_000_000_000_1, 0.8, 1.0]);
        assert_eq!(ticks((3.0, 98.0)), [20.0, 40.0, 60.0, 80.0]);
        for range in [(0.0, 0.0), (-1e300, 1e300), (5.0, 5.0 + 1e-12)] {
            assert!(ticks(range).len() <= 13);
        }
    }

    #[test]
    fn numbers_are_short() {
        let found = [0.0, 0.25, -3.0, 1_500_000.0, 2e12, 1e-7].map(short);
        assert_eq!(found, ["0", "0.25", "-3", "1.5 M", "2e12", "1e-7"]);
    }
}
