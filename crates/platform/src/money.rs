//! Money: integer micro-units (a millionth of the currency's unit), a decimal string outside.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in millionths of its currency's unit; the currency stands beside it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, sqlx::Type, utoipa::ToSchema,
)]
#[sqlx(transparent)]
#[schema(value_type = String, example = "0.02")]
pub struct Money(pub i64);

const UNIT: i64 = 1_000_000;

impl Money {
    pub const ZERO: Self = Self(0);

    /// `count` times this amount; `None` if it does not fit.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }

    /// Reads a non-negative decimal with at most six places, such as `0.02`.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || fraction.len() > 6
            || !digits(whole)
            || !digits(fraction)
            || text.ends_with('.')
        {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
        whole.checked_mul(UNIT)?.checked_add(fraction).map(Self)
    }
}

impl std::fmt::Display for Money {
    /// At least two decimal places, as many as needed: `0.02`, `1.00`, `0.0125`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let fraction = format!("{:06}", micros % UNIT.unsigned_abs());
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{sign}{}.{}", micros / UNIT.unsigned_abs(), &fraction[..kept])
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is not an amount; write a decimal such as \"0.02\""
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_exact() {
        for (text, micros) in [
            ("0.02", 20_000),
            ("1.00", 1_000_000),
            ("0.0125", 12_500),
            ("12345.678901", 12_345_678_901),
        ] {
            assert_eq!(Money::parse(text), Some(Money(micros)));
            assert_eq!(Money(micros).to_string(), text);
        }
        for text in ["", ".", "1.", ".5", "-1", "1e3", "0.0000001", "1,5", "99999999999999999999"] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_its_text(micros in 0..i64::MAX) {
            prop_assert_eq!(Money::parse(&Money(micros).to_string()), Some(Money(micros)));
        }
    }
}
