//! Lines in a plane, as inline SVG; colours come from the page's style sheet.

/// Width and height in the plot's own units; the page scales it.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 44.0;

/// A named line.
pub(crate) struct Line {
    pub(crate) name: String,
    /// Places by ascending x.
    pub(crate) places: Vec<(f64, f64)>,
}

/// Accuracy (y, a share) against judgments per task (x), with a level to reach.
pub(crate) fn lines(title: &str, lines: &[Line], level: f64) -> String {
    let places = || lines.iter().flat_map(|line| line.places.iter().copied());
    let most = places().map(|place| place.0).fold(1.0, f64::max);
    let low = places().map(|place| place.1).fold(level, f64::min);
    let high = places().map(|place| place.1).fold(level, f64::max) + 0.01;
    let x = |value: f64| LEFT + value / most * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| TOP + (high - value) / (high - low).max(1e-9) * (HEIGHT - TOP - BOTTOM);
    let mut body = String::new();
    for tick in ticks(0.0, most) {
        body += &format!(
            "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{TOP}\" y2=\"{1:.1}\"/><text x=\"{0:.1}\" y=\"{2:.1}\" \
             text-anchor=\"middle\">{tick}</text>",
            x(tick),
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0
        );
    }
    for tick in ticks(100.0 * low, 100.0 * high) {
        let place = y(tick / 100.0);
        body += &format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{place:.1}\" y2=\"{place:.1}\"/><text x=\"{:.1}\" \
             y=\"{:.1}\" text-anchor=\"end\">{tick} %</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            place + 4.0
        );
    }
    body += &format!(
        "<line class=\"level\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{1:.1}\" y2=\"{1:.1}\"/><text x=\"{2:.1}\" y=\"{3:.1}\" \
         text-anchor=\"middle\">judgments per task</text>",
        WIDTH - RIGHT,
        y(level),
        f64::midpoint(LEFT, WIDTH - RIGHT),
        HEIGHT - 6.0
    );
    for (index, line) in lines.iter().enumerate() {
        let points: Vec<String> = line
            .places
            .iter()
            .map(|&(at, share)| format!("{:.1},{:.1}", x(at), y(share)))
            .collect();
        body += &format!(
            "<polyline class=\"line c{index}\" points=\"{}\"><title>{}</title></polyline>",
            points.join(" "),
            escaped(&line.name)
        );
    }
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">{body}</svg>\n{}",
        escaped(title),
        legend(lines)
    )
}

fn legend(lines: &[Line]) -> String {
    let item = |(index, line): (usize, &Line)| {
        format!("<li><span class=\"key c{index}\"></span>{}</li>", escaped(&line.name))
    };
    format!(
        "<ul class=\"legend\">{}</ul>\n",
        lines.iter().enumerate().map(item).collect::<String>()
    )
}

/// About six round numbers within a range.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let raw = ((high - low) / 6.0).max(1e-9);
    let power = 10f64.powf(raw.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|&s| s >= raw).unwrap_or(raw);
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    (first..=last).map(|index| ((index as f64 * step) * 1e6).round() / 1e6).collect()
}

/// Text that cannot be taken for markup.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 10.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(71.3, 93.0), [75.0, 80.0, 85.0, 90.0]);
        assert!(ticks(5.0, 5.0).len() <= 1);
    }

    #[test]
    fn names_are_no_markup() {
        let line = Line { name: "<b>".to_owned(), places: vec![(1.0, 0.5), (2.0, 0.7)] };
        let svg = lines("a \"title\"", &[line], 0.6);
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"));
        assert!(svg.contains("a &quot;title&quot;"));
    }
}
