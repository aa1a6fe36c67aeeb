//! The order of the labels.

use std::cmp::Ordering;

use crate::names::Names;
use crate::read::Table;

/// Gives the labels codes in their order instead of that of appearance, and answers with their names.
///
/// Then results do not depend on the order of the rows, and a tie, which goes to the lowest code, can be foretold.
pub(super) fn sort(table: &mut Table) -> Vec<String> {
    let names = std::mem::replace(&mut table.labels, Names::expecting(0));
    let names: Vec<String> = (0..names.len()).map(|code| names.get(code).into_owned()).collect();
    let numbers: Option<Vec<f64>> = names.iter().map(|name| number(name)).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| {
        let by_number = numbers.as_ref().map_or(Ordering::Equal, |n| n[a].total_cmp(&n[b]));
        by_number.then_with(|| names[a].cmp(&names[b]))
    });
    let mut codes = vec![0; names.len()];
    for (code, &old) in order.iter().enumerate() {
        codes[old] = code as u16;
    }
    if !codes.is_sorted() {
        for label in &mut table.label {
            *label = codes[*label as usize];
        }
    }
    order.into_iter().map(|old| names[old].clone()).collect()
}

fn number(name: &str) -> Option<f64> {
    name.parse().ok().filter(|value: &f64| value.is_finite())
}
