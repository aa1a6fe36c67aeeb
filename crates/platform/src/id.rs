//! Ids: time-ordered 64-bit integers, shown as 13 characters of upper-case Crockford base32 that sort the same way.
//!
//! Layout, from the top: 1 zero bit, 41 bits of milliseconds since 2025-01-01, 8 bits of node, 14 bits of sequence. One
//! node is one running server (see [`set_node`]), so ids of several servers on one database never meet.

use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Time;

const EPOCH_MILLIS: i64 = 1_735_689_600_000;
const SEQUENCE_BITS: u32 = 14;
const NODE_BITS: u32 = 8;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static NODE: AtomicU8 = AtomicU8::new(0);
/// The last used (milliseconds << 14 | sequence).
static LAST: AtomicI64 = AtomicI64::new(0);

/// An id of any kind of thing; unique over all tables.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, utoipa::ToSchema,
)]
#[sqlx(transparent)]
#[schema(value_type = String, example = "06N3X2V4T8000")]
pub struct Id(pub i64);

/// How many servers can share one database.
pub const NODES: u16 = 1 << NODE_BITS;

pub fn set_node(node: u8) {
    NODE.store(node, Ordering::Relaxed);
}

impl Id {
    /// A new id, larger than every id this process made before.
    pub fn new() -> Self {
        let now = (Time::now().micros() / 1000 - EPOCH_MILLIS) << SEQUENCE_BITS;
        let last = LAST
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last + 1)))
            .unwrap_or_default();
        Self::assemble(now.max(last + 1))
    }

    /// The smallest id that could have been made at `time`: everything made later is larger.
    pub fn at(time: Time) -> Self {
        let ticks = ((time.micros() / 1000 - EPOCH_MILLIS).max(0)) << SEQUENCE_BITS;
        Self((ticks >> SEQUENCE_BITS) << (SEQUENCE_BITS + NODE_BITS))
    }

    fn assemble(ticks: i64) -> Self {
        let sequence = ticks & ((1 << SEQUENCE_BITS) - 1);
        let millis = ticks >> SEQUENCE_BITS;
        let node = i64::from(NODE.load(Ordering::Relaxed));
        Self((millis << (SEQUENCE_BITS + NODE_BITS)) | (node << SEQUENCE_BITS) | sequence)
    }

    /// Reads the 13 characters; `None` if it is not an id.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 13 {
            return None;
        }
        let value = text.bytes().try_fold(0_u128, |value, byte| {
            let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
            Some(value << 5 | digit as u128)
        })?;
        i64::try_from(value).ok().map(Self)
    }
}

impl Default for Id {
    fn default() -> Self {
        Self::new()
    }
}

/// 13 characters of Crockford base32 for any 64-bit value.
pub fn base32(value: u64) -> String {
    (0..13).rev().map(|place| char::from(ALPHABET[(value >> (5 * place) & 31) as usize])).collect()
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&base32(self.0.cast_unsigned()))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an id")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_survive_their_text_form() {
        let ids: Vec<Id> = (0..50_000).map(|_| Id::new()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
        assert!(texts.windows(2).all(|pair| pair[0] < pair[1]), "text sorts like the number");
        assert!(ids.iter().zip(&texts).all(|(id, text)| Id::parse(text) == Some(*id)));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "0", "0123456789ABC0", "0123456789abc", "ZZZZZZZZZZZZZ", "0123456789ABU"] {
            assert_eq!(Id::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_at_a_time_bounds_the_ids_made_from_then_on() {
        let bound = Id::at(Time::now());
        assert!(bound <= Id::new());
        assert!(Id::at(Time::from_micros(0)) == Id(0));
    }
}
