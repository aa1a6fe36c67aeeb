//! The assignment problem.

/// The assignment of rows to columns with the largest total score, as the column of each row; `None` for a row
/// left over where there are more rows than columns.
///
/// `scores` is `[row][column]` row-major, finite. The Hungarian method with potentials, time rows² × columns (or
/// the transpose, whichever is smaller). Kuhn 1955, doi:10.1002/nav.3800020109.
///
/// ```
/// use crowdsmith_truth::shapes::assign;
///
/// // Greedy would take 9 and be left with 1; 8 + 7 is better.
/// assert_eq!(assign(2, 2, &[9.0, 8.0, 7.0, 1.0]), [Some(1), Some(0)]);
/// ```
///
/// # Panics
/// If there are not `rows × columns` scores.
pub fn assign(rows: usize, columns: usize, scores: &[f64]) -> Vec<Option<usize>> {
    assert_eq!(scores.len(), rows * columns, "one score for each row and column");
    if rows <= columns {
        let cost = |row: usize, column: usize| -scores[row * columns + column];
        return cheapest(rows, columns, cost).into_iter().map(Some).collect();
    }
    let cost = |row: usize, column: usize| -scores[column * columns + row];
    let mut assigned = vec![None; rows];
    for (column, row) in cheapest(columns, rows, cost).into_iter().enumerate() {
        assigned[row] = Some(column);
    }
    assigned
}

/// The column of each row at the lowest total cost, for at most as many rows as columns.
fn cheapest(rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let free = usize::MAX;
    let mut owner = vec![free; columns];
    let (mut row_price, mut column_price) = (vec![0.0; rows], vec![0.0; columns]);
    for start in 0..rows {
        // Grow a tree of tight edges from the new row until it reaches a free column (Dijkstra with prices).
        let mut slack = vec![f64::INFINITY; columns];
        let mut before = vec![free; columns];
        let mut done = vec![false; columns];
        let (mut row, mut last) = (start, free);
        let end = loop {
            let (mut step, mut next) = (f64::INFINITY, free);
            for column in (0..columns).filter(|&column| !done[column]) {
                let reduced = cost(row, column) - row_price[row] - column_price[column];
                if reduced < slack[column] {
                    slack[column] = reduced;
                    before[column] = last;
                }
                if slack[column] < step {
                    (step, next) = (slack[column], column);
                }
            }
            row_price[start] += step;
            for column in 0..columns {
                if done[column] {
                    row_price[owner[column]] += step;
                    column_price[column] -= step;
                } else {
                    slack[column] -= step;
                }
            }
            done[next] = true;
            if owner[next] == free {
                break next;
            }
            (row, last) = (owner[next], next);
        };
        let mut column = end;
        while before[column] != free {
            owner[column] = owner[before[column]];
            column = before[column];
        }
        owner[column] = start;
    }
    let mut assigned = vec![0; rows];
    for (column, row) in owner.into_iter().enumerate().filter(|(_, row)| *row != free) {
        assigned[row] = column;
    }
    assigned
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(columns: usize, scores: &[f64], assigned: &[Option<usize>]) -> f64 {
        let score =
            |(row, column): (usize, &Option<usize>)| column.map(|c| scores[row * columns + c]);
        assigned.iter().enumerate().filter_map(score).sum()
    }

    /// The best total by trying everything.
    fn best(columns: usize, scores: &[f64], row: usize, used: u32) -> f64 {
        let rows = scores.len() / columns;
        if row == rows {
            return 0.0;
        }
        let free = (0..columns).filter(|column| used & (1 << column) == 0);
        let take =
            free.map(|c| scores[row * columns + c] + best(columns, scores, row + 1, used | 1 << c));
        let best_taken = take.fold(f64::NEG_INFINITY, f64::max);
        let left = rows - row - 1;
        let may_skip = left + 1 > columns - used.count_ones() as usize;
        if may_skip { best_taken.max(best(columns, scores, row + 1, used)) } else { best_taken }
    }

    #[test]
    fn nothing_to_assign() {
        assert!(assign(0, 3, &[]).is_empty());
        assert_eq!(assign(2, 0, &[]), [None, None]);
    }

    proptest! {
        #[test]
        fn is_as_good_as_trying_everything(
            rows in 1..5usize,
            columns in 1..5usize,
            values in prop::collection::vec(-5.0..5.0f64, 25),
        ) {
            let scores = &values[..rows * columns];
            let assigned = assign(rows, columns, scores);
            let mut taken: Vec<usize> = assigned.iter().flatten().copied().collect();
            prop_assert_eq!(taken.len(), rows.min(columns));
            taken.sort_unstable();
            taken.dedup();
            prop_assert_eq!(taken.len(), rows.min(columns));
            let (found, possible) = (total(columns, scores, &assigned), best(columns, scores, 0, 0));
            prop_assert!((found - possible).abs() < 1e-9, "{} {}", found, possible);
        }
    }
}
