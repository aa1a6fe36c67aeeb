use super::*;

fn columns(rows: &[(u32, u32, u16)]) -> Columns {
    Columns {
        tasks: 3,
        workers: 4,
        classes: 2,
        task: rows.iter().map(|row| row.0).collect(),
        worker: rows.iter().map(|row| row.1).collect(),
        label: rows.iter().map(|row| row.2).collect(),
    }
}

#[test]
fn unsorted_rows_are_grouped_by_task_in_input_order() {
    let judgments =
        Judgments::new(columns(&[(2, 3, 1), (0, 1, 0), (2, 0, 0)]), Duplicates::Refuse).unwrap();
    assert_eq!(judgments.task(0).collect::<Vec<_>>(), [(1, 0)]);
    assert_eq!(judgments.task_len(1), 0);
    assert_eq!(judgments.task(2).collect::<Vec<_>>(), [(3, 1), (0, 0)]);
    let by_worker = judgments.by_worker();
    assert_eq!(by_worker.worker(3).collect::<Vec<_>>(), [(2, 1)]);
    assert_eq!(by_worker.worker(2).len(), 0);
}

#[test]
fn a_duplicate_names_the_later_row() {
    let rows = [(1, 1, 0), (0, 1, 0), (1, 2, 0), (1, 1, 1), (0, 1, 1)];
    let error = Judgments::new(columns(&rows), Duplicates::Refuse).unwrap_err();
    assert_eq!(error, Error::Duplicate { row: 3, task: 1, worker: 1 });
    assert_eq!(Judgments::new(columns(&rows), Duplicates::Keep).unwrap().len(), 5);
}

#[test]
fn a_code_out_of_range_names_row_and_column() {
    let refused = |rows: &[_]| Judgments::new(columns(rows), Duplicates::Refuse).unwrap_err();
    let out = |row, column, code, count| Error::OutOfRange { row, column, code, count };
    assert_eq!(refused(&[(0, 0, 0), (3, 0, 0)]), out(1, "task", 3, 3));
    assert_eq!(refused(&[(0, 4, 0)]), out(0, "worker", 4, 4));
    assert_eq!(refused(&[(0, 0, 2)]), out(0, "label", 2, 2));
}

#[test]
fn columns_of_unequal_length_and_too_many_classes_are_refused() {
    let mut short = columns(&[(0, 0, 0), (1, 0, 0)]);
    short.worker.pop();
    assert_eq!(
        Judgments::new(short, Duplicates::Refuse).unwrap_err(),
        Error::ColumnLength { column: "worker", expected: 2, found: 1 }
    );
    let wide = Columns { classes: 1_000_000_000, ..columns(&[]) };
    assert!(matches!(
        Judgments::new(wide, Duplicates::Refuse),
        Err(Error::TooManyClasses { classes: 1_000_000_000, .. })
    ));
}

#[test]
fn gold_is_kept_and_checked() {
    let judgments = Judgments::new(columns(&[(0, 0, 0)]), Duplicates::Refuse).unwrap();
    let gold = judgments.clone().with_gold(&[(2, 1)]).unwrap();
    assert_eq!((gold.gold(0), gold.gold(2), gold.has_gold()), (None, Some(1), true));
    assert!(judgments.clone().with_gold(&[(3, 1)]).is_err());
    assert!(judgments.with_gold(&[(0, 2)]).is_err());
}
