//! Which drawings of different workers mean the same object.

use super::assignment::assign;
use super::figures::Shape;

/// One worker's drawings of one picture, as (row, shape), and what they weigh.
pub(super) struct Sheet<'a, S> {
    pub weight: f64,
    pub drawings: Vec<(usize, &'a S)>,
}

/// Drawings that mean one object, at most one a worker.
pub(super) struct Group<S> {
    pub shape: S,
    /// (index of the sheet, row, place among the sheet's drawings)
    pub members: Vec<(usize, usize, usize)>,
}

/// Groups the drawings of one picture. Sheets are laid on one after the other, the fullest first; then every sheet
/// is matched anew with what all of them amount to, until nothing changes or `rounds` are over.
pub(super) fn group<S: Shape>(
    sheets: &[Sheet<'_, S>],
    threshold: f64,
    rounds: usize,
) -> Vec<Group<S>> {
    let mut order: Vec<usize> = (0..sheets.len()).collect();
    order.sort_by_key(|&sheet| (std::cmp::Reverse(sheets[sheet].drawings.len()), sheet));
    let mut groups: Vec<Group<S>> = Vec::new();
    for &sheet in &order {
        lay_on(sheets, sheet, threshold, &mut groups);
        refresh(sheets, &mut groups);
    }
    for _ in 0..rounds {
        let before = membership(&groups);
        for group in &mut groups {
            group.members.clear();
        }
        for &sheet in &order {
            lay_on(sheets, sheet, threshold, &mut groups);
        }
        groups.retain(|group| !group.members.is_empty());
        refresh(sheets, &mut groups);
        if membership(&groups) == before {
            break;
        }
    }
    groups
}

fn lay_on<S: Shape>(
    sheets: &[Sheet<'_, S>],
    sheet: usize,
    threshold: f64,
    groups: &mut Vec<Group<S>>,
) {
    let drawings = &sheets[sheet].drawings;
    let known = groups.len();
    let score = |similarity: f64| if similarity >= threshold { similarity } else { 0.0 };
    let pairs = drawings.iter().flat_map(|(_, shape)| {
        groups.iter().map(move |group| score(shape.similarity(&group.shape)))
    });
    let scores: Vec<f64> = pairs.collect();
    for (place, found) in assign(drawings.len(), known, &scores).into_iter().enumerate() {
        let (row, shape) = drawings[place];
        match found.filter(|group| scores[place * known + group] > 0.0) {
            Some(group) => groups[group].members.push((sheet, row, place)),
            None => groups.push(Group { shape: shape.clone(), members: vec![(sheet, row, place)] }),
        }
    }
}

fn refresh<S: Shape>(sheets: &[Sheet<'_, S>], groups: &mut [Group<S>]) {
    for group in groups {
        let shapes: Vec<(&S, f64)> = (group.members.iter())
            .map(|&(sheet, _, place)| (sheets[sheet].drawings[place].1, sheets[sheet].weight))
            .collect();
        group.shape = S::consensus(&shapes);
    }
}

fn membership<S>(groups: &[Group<S>]) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = (groups.iter())
        .map(|group| {
            let mut rows: Vec<usize> = group.members.iter().map(|member| member.1).collect();
            rows.sort_unstable();
            rows
        })
        .collect();
    rows.sort();
    rows
}
