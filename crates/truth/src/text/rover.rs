//! ROVER: a word transition network and a vote in each of its slots.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::texts::Texts;
use crate::error::{Error, check_parameter};

/// Aligns the texts of a task one after the other into a network of slots and keeps the word with most votes in
/// every slot, where "no word" is a candidate too.
///
/// Each text is aligned with the network of those before it at the lowest edit cost (a word already in the slot
/// costs nothing, an empty slot may be passed for free); among equal costs a match or substitution goes before a
/// deletion, a deletion before an insertion. A tie of votes goes to the longer word, then to the one later in the
/// alphabet. Time per task: texts × length of the network × length of a text.
///
/// Source: Fiscus 1997, doi:10.1109/ASRU.1997.659110.
///
/// ```
/// use crowdsmith_truth::text::{Rover, Texts};
///
/// let words = |text: &str| text.split(' ').map(str::to_owned).collect();
/// let texts = Texts {
///     tasks: 1,
///     workers: 3,
///     task: vec![0; 3],
///     worker: vec![0, 1, 2],
///     tokens: vec![words("a b c d"), words("b z d e"), words("b c d e f")],
/// };
/// assert_eq!(Rover::default().fit(&texts)?[0].join(" "), "b c d e");
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rover {
    /// Weight of each worker's vote, finite and at least 0; `None` counts every vote as one.
    pub weights: Option<Vec<f64>>,
}

/// A candidate of a slot: a word, or `None` for no word.
type Candidate<'a> = (Option<&'a str>, f64);

/// The candidates of one place of the network, each with its votes.
#[derive(Clone, Default)]
struct Slot<'a>(Vec<Candidate<'a>>);

impl<'a> Slot<'a> {
    fn has(&self, word: Option<&str>) -> bool {
        self.0.iter().any(|(candidate, _)| *candidate == word)
    }

    fn vote(&mut self, word: Option<&'a str>, weight: f64) {
        match self.0.iter_mut().find(|(candidate, _)| *candidate == word) {
            Some((_, votes)) => *votes += weight,
            None => self.0.push((word, weight)),
        }
    }

    fn winner(&self) -> Option<&'a str> {
        let text = |word: Option<&'a str>| word.unwrap_or("");
        let order = |left: &&Candidate<'a>, right: &&Candidate<'a>| -> Ordering {
            let (a, b) = (text(left.0), text(right.0));
            let longer = || a.chars().count().cmp(&b.chars().count());
            left.1.total_cmp(&right.1).then_with(longer).then_with(|| a.cmp(b))
        };
        self.0.iter().max_by(order).and_then(|(word, _)| *word)
    }
}

/// How a place of the alignment was reached.
#[derive(Clone, Copy)]
enum Move {
    Both,
    SkipSlot,
    NewSlot,
}

impl Rover {
    /// The text of each task, as tokens; empty for a task without texts.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, weights of the wrong number or out of range.
    pub fn fit(&self, texts: &Texts) -> Result<Vec<Vec<String>>, Error> {
        let rows = texts.by_task()?;
        if let Some(weights) = &self.weights {
            if weights.len() != texts.workers {
                let (expected, found) = (texts.workers, weights.len());
                return Err(Error::Shape { what: "weights", expected, found });
            }
            for &weight in weights {
                let valid = weight.is_finite() && weight >= 0.0;
                check_parameter("weights", weight, valid, "finite numbers of at least 0")?;
            }
        }
        Ok(rows.par_iter().map(|rows| self.combine(texts, rows)).collect())
    }

    fn combine(&self, texts: &Texts, rows: &[usize]) -> Vec<String> {
        let mut slots: Vec<Slot<'_>> = Vec::new();
        let mut voted = 0.0;
        for &row in rows {
            let weight =
                self.weights.as_ref().map_or(1.0, |weights| weights[texts.worker[row] as usize]);
            slots = align(&slots, &texts.tokens[row], voted, weight);
            voted += weight;
        }
        slots.iter().filter_map(Slot::winner).map(str::to_owned).collect()
    }
}

/// The network with one more text in it; `voted` is the weight of the texts it is made of.
fn align<'a>(slots: &[Slot<'a>], words: &'a [String], voted: f64, weight: f64) -> Vec<Slot<'a>> {
    let moves = cheapest(slots, words);
    let width = slots.len() + 1;
    let (mut word, mut slot) = (words.len(), slots.len());
    let mut aligned = Vec::with_capacity(words.len().max(slots.len()));
    while word > 0 || slot > 0 {
        let step = moves[word * width + slot];
        let mut next = match step {
            Move::NewSlot if voted > 0.0 => Slot(vec![(None, voted)]),
            Move::NewSlot => Slot::default(),
            Move::Both | Move::SkipSlot => slots[slot - 1].clone(),
        };
        match step {
            Move::SkipSlot => next.vote(None, weight),
            Move::Both | Move::NewSlot => next.vote(candidate(&words[word - 1]), weight),
        }
        aligned.push(next);
        word -= usize::from(!matches!(step, Move::SkipSlot));
        slot -= usize::from(!matches!(step, Move::NewSlot));
    }
    aligned.reverse();
    aligned
}

/// An empty token is no word.
fn candidate(word: &str) -> Option<&str> {
    (!word.is_empty()).then_some(word)
}

/// The last move of the cheapest alignment of every prefix of the words with every prefix of the slots.
fn cheapest(slots: &[Slot<'_>], words: &[String]) -> Vec<Move> {
    let width = slots.len() + 1;
    let mut moves = vec![Move::SkipSlot; (words.len() + 1) * width];
    let mut above: Vec<usize> = (0..width).collect();
    for (index, word) in words.iter().enumerate() {
        let mut row = vec![index + 1; width];
        moves[(index + 1) * width] = Move::NewSlot;
        for (place, slot) in slots.iter().enumerate() {
            let both = above[place] + usize::from(!slot.has(candidate(word)));
            let skip = row[place] + usize::from(!slot.has(None));
            let new = above[place + 1] + 1;
            let (cost, step) = if both <= skip && both <= new {
                (both, Move::Both)
            } else if skip <= new {
                (skip, Move::SkipSlot)
            } else {
                (new, Move::NewSlot)
            };
            row[place + 1] = cost;
            moves[(index + 1) * width + place + 1] = step;
        }
        above = row;
    }
    moves
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(lines: &[&str]) -> Texts {
        Texts {
            tasks: 1,
            workers: lines.len(),
            task: vec![0; lines.len()],
            worker: (0..lines.len() as u32).collect(),
            tokens: (lines.iter())
                .map(|line| line.split_whitespace().map(str::to_owned).collect())
                .collect(),
        }
    }

    fn combined(model: &Rover, lines: &[&str]) -> String {
        model.fit(&texts(lines)).unwrap()[0].join(" ")
    }

    #[test]
    fn votes_on_words_and_on_leaving_them_out() {
        let rover = Rover::default();
        assert_eq!(combined(&rover, &["a b c d"]), "a b c d");
        assert_eq!(combined(&rover, &["a b c", "a c", "a c"]), "a c");
        assert_eq!(combined(&rover, &["a c", "a b c", "a b c"]), "a b c");
        assert_eq!(combined(&rover, &["the cat", "the hat", "the cat"]), "the cat");
        assert_eq!(combined(&rover, &["", "", "word"]), "");
    }

    #[test]
    fn a_tie_goes_to_the_longer_word_then_the_later_one() {
        assert_eq!(combined(&Rover::default(), &["cat", "mouse"]), "mouse");
        assert_eq!(combined(&Rover::default(), &["bat", "cat"]), "cat");
    }

    #[test]
    fn weights_outvote_numbers() {
        let rover = Rover { weights: Some(vec![1.0, 1.0, 3.0]) };
        assert_eq!(combined(&rover, &["a b", "a b", "a c"]), "a c");
        let error = Rover { weights: Some(vec![1.0]) }.fit(&texts(&["a", "b"])).unwrap_err();
        assert_eq!(error.to_string(), "`weights` has 1 entries, expected 2");
    }

    proptest! {
        #[test]
        fn equal_texts_stay_and_every_word_was_given(
            lines in prop::collection::vec(prop::collection::vec("[abc]{1,2}", 0..6), 1..5),
        ) {
            let lines: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
            let all: Vec<&str> = lines.iter().map(String::as_str).collect();
            let result = combined(&Rover::default(), &all);
            for word in result.split_whitespace() {
                prop_assert!(all.iter().any(|line| line.split_whitespace().any(|w| w == word)));
            }
            prop_assert_eq!(combined(&Rover::default(), &[all[0], all[0], all[0]]), all[0]);
        }
    }
}
