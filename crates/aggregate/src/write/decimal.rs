//! Numbers as text.

use std::io::Write as _;

/// Digits behind the point: errors of rounding stay below what seeds and threads may change.
const SCALE: u64 = 1_000_000_000;

/// Writes a number of 0..1 with up to nine digits behind the point, without trailing zeros.
pub(super) fn probability(value: f64, line: &mut Vec<u8>) {
    let rounded = (value.clamp(0.0, 1.0) * SCALE as f64).round() as u64;
    line.push(if rounded >= SCALE { b'1' } else { b'0' });
    let mut rest = rounded % SCALE;
    if rest == 0 {
        return;
    }
    line.push(b'.');
    let mut unit = SCALE / 10;
    while rest > 0 {
        line.push(b'0' + (rest / unit) as u8);
        rest %= unit;
        unit /= 10;
    }
}

/// Writes a number of any size with twelve digits: the last ones of a sum are noise.
pub(super) fn number(value: f64, line: &mut Vec<u8>) {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    // Adding 0 takes the sign from -0.
    write!(line, "{}", rounded + 0.0).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    #[test]
    fn probabilities_are_written_shortly_and_read_back() {
        let written = |value| {
            let mut line = Vec::new();
            super::probability(value, &mut line);
            String::from_utf8(line).unwrap()
        };
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (0.5, "0.5"),
            (1.0 / 3.0, "0.333333333"),
            (0.999_999_999_9, "1"),
            (1e-9, "0.000000001"),
            (1e-12, "0"),
            (0.1, "0.1"),
        ] {
            assert_eq!(written(value), text);
        }
    }
}
