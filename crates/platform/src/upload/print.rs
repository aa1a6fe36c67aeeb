//! Prints: what files look or sound like, compared so that a file that was scaled, compressed or cut again is found.

use super::sound;
use super::sql;
use crate::db::Connection;
use crate::error::Result;
use crate::hex::hex;
use crate::id::Id;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Print {
    /// A row of cells each.
    Picture([u16; 16]),
    /// A number for each moment.
    Sound(Vec<u32>),
}

/// Bits of 256 in which two pictures may differ and still look the same. Pictures that have nothing to do with each other
/// differ in about half.
const MOST_DIFFERENT: u32 = 24;
/// Files compared with one, those that have most parts in common with it.
const MOST_COMPARED: i64 = 200;

impl Print {
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Picture(rows) => {
                let bytes: Vec<u8> = rows.iter().flat_map(|row| row.to_be_bytes()).collect();
                format!("picture:{}", hex(&bytes))
            }
            Self::Sound(moments) => {
                let bytes: Vec<u8> = moments.iter().flat_map(|one| one.to_be_bytes()).collect();
                format!("sound:{}", hex(&bytes))
            }
        }
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (kind, digits) = text.split_once(':')?;
        let numbers = |width: usize| -> Option<Vec<u32>> {
            let count = digits.len() / width;
            let number = |place| digits.get(place * width..(place + 1) * width);
            (0..count).map(|place| u32::from_str_radix(number(place)?, 16).ok()).collect()
        };
        match kind {
            "picture" => {
                let rows: Vec<u16> = numbers(4)?.into_iter().map(|row| row as u16).collect();
                rows.try_into().ok().map(Self::Picture)
            }
            "sound" => numbers(8).map(Self::Sound),
            _ => None,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Picture(one), Self::Picture(two)) => {
                let differ = one.iter().zip(two).map(|(one, two)| (one ^ two).count_ones());
                differ.sum::<u32>() <= MOST_DIFFERENT
            }
            (Self::Sound(one), Self::Sound(two)) => sound::are_alike(one, two),
            _ => false,
        }
    }

    /// What files that look or sound the same have in common somewhere: rows of cells at their place, moments.
    fn parts(&self) -> Vec<i64> {
        match self {
            Self::Picture(rows) => {
                // Even rows are in many pictures, and a picture that is almost even tells nothing.
                let telling = |(_, row): &(usize, &u16)| row.count_ones() > 1;
                let part =
                    |(place, row): (usize, &u16)| PICTURE | (place as i64) << 16 | i64::from(*row);
                let parts: Vec<i64> = rows.iter().enumerate().filter(telling).map(part).collect();
                if parts.len() < LEAST_TELLING { Vec::new() } else { parts }
            }
            Self::Sound(moments) => {
                sound::landmarks(moments).into_iter().map(|one| SOUND | i64::from(one)).collect()
            }
        }
    }
}

/// Rows of a picture that must tell something.
const LEAST_TELLING: usize = 4;
/// Marks that keep the parts of different kinds apart.
const PICTURE: i64 = 1 << 40;
const SOUND: i64 = 2 << 40;
const CONTENT: i64 = 1 << 62;

/// A file, and whose it is.
pub(super) struct Known<'k> {
    pub(super) worker: Id,
    pub(super) task: Id,
    /// SHA-256 in hex.
    pub(super) hash: &'k str,
    pub(super) print: Option<&'k Print>,
}

impl Known<'_> {
    /// What it has in common with files that are the same or alike.
    pub(super) fn parts(&self) -> Vec<i64> {
        let content = i64::from_str_radix(&self.hash[..15], 16).unwrap_or_default();
        let mut parts = self.print.map(Print::parts).unwrap_or_default();
        parts.push(CONTENT | content);
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}

/// Submitted files of the batch, of other workers or for other tasks, that are the same or look or sound the same.
pub(super) async fn count_alike(tx: &mut Connection, batch: Id, known: &Known<'_>) -> Result<i64> {
    let candidates = sql::candidates(tx, batch, known, MOST_COMPARED).await?;
    let is_alike = |other: &&sql::Candidate| {
        let looks = || {
            let other = other.print.as_deref().and_then(Print::from_text);
            known.print.zip(other).is_some_and(|(print, other)| print.is_like(&other))
        };
        other.hash == known.hash || looks()
    };
    Ok(candidates.iter().filter(is_alike).count() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_survive_their_text() {
        let picture = Print::Picture(std::array::from_fn(|row| row as u16 * 4099));
        let sound = Print::Sound(vec![0, u32::MAX, 7]);
        for print in [picture, sound] {
            assert_eq!(Print::from_text(&print.to_text()), Some(print));
        }
        assert_eq!(Print::from_text("picture:00"), None);
        assert_eq!(Print::from_text("smell:00"), None);
    }
}
