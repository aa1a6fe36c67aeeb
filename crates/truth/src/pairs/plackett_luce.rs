//! Plackett-Luce strengths from rankings.

use super::{Strengths, normalize};
use crate::error::{Error, check_parameter};

/// Rankings in long form: one row says where an item stands in a ranking; item codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rankings {
    /// Number of items; codes are `0..items`.
    pub items: usize,
    /// Number of rankings; codes are `0..rankings`.
    pub rankings: usize,
    /// Ranking of each row.
    pub ranking: Vec<u32>,
    /// Item of each row.
    pub item: Vec<u32>,
    /// Its place in the ranking, the best first; equal places are a tie, gaps mean nothing.
    pub place: Vec<u32>,
}

/// The Plackett-Luce model: a ranking is made by choosing the next item among those left, each with probability
/// proportional to its strength.
///
/// Fitted by minorise-maximise (Hunter 2004, doi:10.1214/aos/1079120141). Rankings may be partial. Tied items are
/// each chosen from all that were left before the tie (Breslow's approximation, doi:10.2307/2529620). With rankings
/// of two items it is the Bradley-Terry model. Source of the model: Plackett 1975, doi:10.2307/2346567.
#[derive(Debug, Clone, PartialEq)]
pub struct PlackettLuce {
    /// Most updates.
    pub iterations: usize,
    /// Stop when the scores change by less than this in sum of absolute differences.
    pub tolerance: f64,
    /// Choices added for every item between it and a typical item, half of them won; at least 0.
    pub prior: f64,
}

impl Default for PlackettLuce {
    fn default() -> Self {
        Self { iterations: 1000, tolerance: 1e-10, prior: 0.0 }
    }
}

impl PlackettLuce {
    /// Estimates the strengths.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a negative `prior` or `tolerance`.
    pub fn fit(&self, rankings: &Rankings) -> Result<Strengths, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        check_parameter("prior", self.prior, self.prior >= 0.0, "at least 0")?;
        let ordered = ordered(rankings)?;
        let mut scores = vec![1.0 / rankings.items.max(1) as f64; rankings.items];
        let (mut iterations, mut converged) = (0, scores.is_empty());
        while iterations < self.iterations && !converged {
            iterations += 1;
            let next = self.update(&ordered, &scores);
            let change: f64 = next.iter().zip(&scores).map(|(new, old)| (new - old).abs()).sum();
            converged = change < self.tolerance;
            scores = next;
        }
        Ok(Strengths { scores, tie: 0.0, iterations, converged })
    }

    fn update(&self, rankings: &[Vec<(u32, usize)>], scores: &[f64]) -> Vec<f64> {
        let typical = 1.0 / scores.len() as f64;
        let mut won = vec![self.prior / 2.0; scores.len()];
        let mut exposure: Vec<f64> =
            scores.iter().map(|&score| self.prior / (score + typical)).collect();
        for ranking in rankings {
            add_ranking(ranking, scores, &mut won, &mut exposure);
        }
        let mut next: Vec<f64> = (won.iter().zip(&exposure).zip(scores))
            .map(|((&won, &exposure), &old)| if exposure > 0.0 { won / exposure } else { old })
            .collect();
        normalize(&mut next);
        next
    }
}

/// Each ranking as (place, item) from best to worst.
fn ordered(rankings: &Rankings) -> Result<Vec<Vec<(u32, usize)>>, Error> {
    let expected = rankings.ranking.len();
    for (column, found) in [("item", rankings.item.len()), ("place", rankings.place.len())] {
        if found != expected {
            return Err(Error::ColumnLength { column, expected, found });
        }
    }
    let mut ordered = vec![Vec::new(); rankings.rankings];
    for row in 0..expected {
        let codes = [
            ("ranking", rankings.ranking[row], rankings.rankings),
            ("item", rankings.item[row], rankings.items),
        ];
        for (column, code, count) in codes {
            if code as usize >= count {
                let code = u64::from(code);
                return Err(Error::OutOfRange { row, column, code, count });
            }
        }
        let place = (rankings.place[row], rankings.item[row] as usize);
        ordered[rankings.ranking[row] as usize].push(place);
    }
    for ranking in &mut ordered {
        ranking.sort_unstable();
        ranking.dedup_by_key(|(_, item)| *item);
    }
    Ok(ordered)
}

fn add_ranking(ranking: &[(u32, usize)], scores: &[f64], won: &mut [f64], exposure: &mut [f64]) {
    let mut left: f64 = ranking.iter().map(|&(_, item)| scores[item]).sum();
    let mut load = 0.0;
    let mut start = 0;
    while start < ranking.len() {
        let place = ranking[start].0;
        let end = start + ranking[start..].iter().take_while(|(other, _)| *other == place).count();
        let choices = if end == ranking.len() { end - start - 1 } else { end - start } as f64;
        load += choices / left.max(f64::MIN_POSITIVE);
        for &(_, item) in &ranking[start..end] {
            won[item] += choices / (end - start) as f64;
            exposure[item] += load;
            left -= scores[item];
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{BradleyTerry, Comparisons, Outcome};
    use super::*;

    fn rankings(items: usize, orders: &[&[(u32, u32)]]) -> Rankings {
        let mut columns = Rankings { items, rankings: orders.len(), ..Rankings::default() };
        for (ranking, order) in orders.iter().enumerate() {
            for &(place, item) in *order {
                columns.ranking.push(ranking as u32);
                columns.item.push(item);
                columns.place.push(place);
            }
        }
        columns
    }

    #[test]
    fn of_pairs_is_bradley_terry() {
        let pairs = [(0u32, 1u32), (0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0), (0, 2)];
        let orders: Vec<Vec<(u32, u32)>> =
            pairs.iter().map(|&(best, other)| vec![(0, best), (1, other)]).collect();
        let orders: Vec<&[(u32, u32)]> = orders.iter().map(Vec::as_slice).collect();
        let ranked = PlackettLuce::default().fit(&rankings(3, &orders)).unwrap();
        let comparisons = Comparisons {
            items: 3,
            workers: 1,
            worker: vec![0; pairs.len()],
            left: pairs.iter().map(|pair| pair.0).collect(),
            right: pairs.iter().map(|pair| pair.1).collect(),
            outcome: vec![Outcome::Left; pairs.len()],
        };
        let compared = BradleyTerry::default().fit(&comparisons).unwrap();
        for (ours, theirs) in ranked.scores.iter().zip(&compared.scores) {
            assert!((ours - theirs).abs() < 1e-7, "{ranked:?} {compared:?}");
        }
    }

    #[test]
    fn satisfies_the_likelihood_equations() {
        // At the maximum, strength × exposure = number of choices won, for every item.
        let orders: [&[(u32, u32)]; 4] = [
            &[(0, 0), (1, 1), (2, 2), (3, 3)],
            &[(0, 1), (1, 0), (2, 3)],
            &[(0, 2), (1, 0), (2, 1)],
            &[(0, 3), (1, 2), (2, 0)],
        ];
        let columns = rankings(4, &orders);
        let fit = PlackettLuce::default().fit(&columns).unwrap();
        let (mut won, mut exposure) = (vec![0.0; 4], vec![0.0; 4]);
        for ranking in ordered(&columns).unwrap() {
            add_ranking(&ranking, &fit.scores, &mut won, &mut exposure);
        }
        for item in 0..4 {
            assert!((fit.scores[item] * exposure[item] - won[item]).abs() < 1e-6, "{fit:?}");
        }
    }

    proptest! {
        #[test]
        fn scores_are_a_distribution(
            rows in prop::collection::vec((0..4u32, 0..5u32, 0..4u32), 0..30),
            prior in 0.0..2.0f64,
        ) {
            let columns = Rankings {
                items: 5,
                rankings: 4,
                ranking: rows.iter().map(|row| row.0).collect(),
                item: rows.iter().map(|row| row.1).collect(),
                place: rows.iter().map(|row| row.2).collect(),
            };
            let model = PlackettLuce { iterations: 40, prior, ..PlackettLuce::default() };
            let fit = model.fit(&columns).unwrap();
            prop_assert!(fit.scores.iter().all(|score| score.is_finite() && *score >= 0.0));
            prop_assert!((fit.scores.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
