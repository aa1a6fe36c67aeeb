//! Drawings as columns.

use super::figures::Shape;
use crate::error::Error;

/// Drawings as columns; task, worker and label codes are dense integers from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawings<S> {
    /// Number of tasks (pictures); codes are `0..tasks`.
    pub tasks: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Who looked at what, as (task, worker): needed for pictures on which a worker drew nothing.
    pub looked: Vec<(u32, u32)>,
    /// Task of each drawing.
    pub task: Vec<u32>,
    /// Worker of each drawing.
    pub worker: Vec<u32>,
    /// What the worker says the object is; all 0 where there is only one kind.
    pub label: Vec<u32>,
    /// The drawings.
    pub shape: Vec<S>,
}

/// A worker who looked at a picture, with the rows of their drawings.
pub(super) type Looks = (usize, Vec<usize>);

impl<S> Default for Drawings<S> {
    fn default() -> Self {
        Self {
            tasks: 0,
            workers: 0,
            looked: Vec::new(),
            task: Vec::new(),
            worker: Vec::new(),
            label: Vec::new(),
            shape: Vec::new(),
        }
    }
}

impl<S: Shape> Drawings<S> {
    /// Refuses columns of different length, codes out of range and coordinates that are not finite.
    pub(super) fn check(&self) -> Result<(), Error> {
        let expected = self.task.len();
        let lengths = [
            ("worker", self.worker.len()),
            ("label", self.label.len()),
            ("shape", self.shape.len()),
        ];
        for (column, found) in lengths {
            if found != expected {
                return Err(Error::ColumnLength { column, expected, found });
            }
        }
        let looked = self.looked.iter().copied().enumerate();
        let drawn = self.task.iter().copied().zip(self.worker.iter().copied()).enumerate();
        for (row, (task, worker)) in looked.chain(drawn) {
            for (column, code, count) in
                [("task", task, self.tasks), ("worker", worker, self.workers)]
            {
                if code as usize >= count {
                    return Err(Error::OutOfRange { row, column, code: u64::from(code), count });
                }
            }
        }
        for (row, shape) in self.shape.iter().enumerate() {
            if let Some(value) = shape.not_finite() {
                return Err(Error::NotFinite { row, column: "a coordinate", value });
            }
        }
        Ok(())
    }

    /// For each task the workers who looked, each with the rows of their drawings.
    pub(super) fn by_task(&self) -> Vec<Vec<Looks>> {
        let mut sheets: Vec<Vec<Looks>> = vec![Vec::new(); self.tasks];
        let mut sheet = |task: u32, worker: u32, row: Option<usize>| {
            let (sheets, worker) = (&mut sheets[task as usize], worker as usize);
            match sheets.iter_mut().find(|sheet| sheet.0 == worker) {
                Some(sheet) => sheet.1.extend(row),
                None => sheets.push((worker, row.into_iter().collect())),
            }
        };
        for (row, (&task, &worker)) in self.task.iter().zip(&self.worker).enumerate() {
            sheet(task, worker, Some(row));
        }
        for &(task, worker) in &self.looked {
            sheet(task, worker, None);
        }
        sheets
    }
}
