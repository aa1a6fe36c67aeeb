//! Rankings: the order of the items' strengths under the Plackett-Luce model.

use crowdsmith_truth::pairs::{PlackettLuce, Rankings as Places};
use indexmap::IndexSet;
use serde_json::{Map, Value};

use super::crowd::{Context, statistics};
use super::{Answers, Field, FieldResult, rounded};
use crate::error::Result;

/// `probabilities` are the strengths: the probability that an item is the best of all. The confidence is the share of
/// workers who have a pair of items in the result's order, as the mean over all pairs; it is 1 when all agree and ½ when
/// nobody knows.
#[derive(Debug, Default)]
pub(super) struct Rankings(Vec<(u32, Vec<String>)>);

impl Answers for Rankings {
    fn add(&mut self, row: u32, answer: &Value) {
        let items = answer.as_array().into_iter().flatten();
        let items = items.filter_map(Value::as_str).map(str::to_owned).collect();
        self.0.push((row, items));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let groups = context.crowd.by_task(&self.0);
        groups.iter().map(|rankings| result(rankings)).collect::<Result<_>>().map(Field::Results)
    }
}

fn result(rankings: &[&Vec<String>]) -> Result<Option<FieldResult>> {
    let items: IndexSet<&String> = rankings.iter().copied().flatten().collect();
    if items.is_empty() {
        return Ok(None);
    }
    let codes: Vec<Vec<usize>> = rankings
        .iter()
        .map(|ranking| ranking.iter().filter_map(|item| items.get_index_of(item)).collect())
        .collect();
    let mut places = Places { items: items.len(), rankings: codes.len(), ..Places::default() };
    for (ranking, order) in codes.iter().enumerate() {
        for (place, item) in order.iter().enumerate() {
            places.ranking.push(ranking as u32);
            places.item.push(*item as u32);
            places.place.push(place as u32);
        }
    }
    // One choice added for each item keeps one that is always last from having no strength at all.
    let model = PlackettLuce { prior: 1.0, iterations: 200, tolerance: 1e-7 };
    let strengths = model.fit(&places).map_err(|error| statistics(&error))?.scores;
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|one, two| strengths[*two].total_cmp(&strengths[*one]));
    let strength = |item: &usize| (items[*item].clone(), rounded(strengths[*item]).into());
    let probabilities: Map<String, Value> = order.iter().map(strength).collect();
    Ok(Some(FieldResult {
        value: order.iter().map(|item| items[*item].as_str()).collect(),
        confidence: agreement(&order, &codes).map(rounded),
        judgments: rankings.len() as i64,
        probabilities: Some(probabilities),
    }))
}

/// The share of pairs that stand in the rankings as they stand in `order`; `None` without pairs.
fn agreement(order: &[usize], rankings: &[Vec<usize>]) -> Option<f64> {
    let mut place_in_order = vec![0; order.len()];
    for (place, item) in order.iter().enumerate() {
        place_in_order[*item] = place;
    }
    let (mut same, mut pairs) = (0_u64, 0_u64);
    for ranking in rankings {
        for (place, better) in ranking.iter().enumerate() {
            for worse in &ranking[place + 1..] {
                same += u64::from(place_in_order[*better] < place_in_order[*worse]);
                pairs += 1;
            }
        }
    }
    (pairs > 0).then(|| same as f64 / pairs as f64)
}
