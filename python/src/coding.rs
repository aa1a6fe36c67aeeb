//! Python strings to dense codes: the text is read where it lies, and only its first occurrence is remembered.

use hashbrown::hash_table::{Entry, HashTable};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyString};
use rayon::prelude::*;
use std::hash::BuildHasher as _;

/// The code of a missing value.
const MISSING: u32 = u32::MAX;

/// Codes in order of first appearance, and the row of each code's first appearance.
type Coded<'py> = (Bound<'py, PyArray1<u32>>, Bound<'py, PyArray1<u32>>);

/// Codes columns of texts, each on its own thread; `None` for a column in which something is neither a text nor
/// missing (`None` or NaN, which get the code 2³² − 1).
#[pyfunction]
pub(crate) fn code_texts<'py>(
    py: Python<'py>,
    columns: Vec<PyReadonlyArray1<'py, Py<PyAny>>>,
) -> PyResult<Vec<Option<Coded<'py>>>> {
    let texts: Vec<Option<Vec<Option<&str>>>> =
        columns.iter().map(|column| Ok(texts(py, column.as_slice()?))).collect::<PyResult<_>>()?;
    let coded: Vec<Option<Codes>> =
        texts.into_par_iter().map(|texts| texts.map(|texts| Codes::of(&texts))).collect();
    let given = |codes: Codes| (codes.codes.into_pyarray(py), codes.first.into_pyarray(py));
    Ok(coded.into_iter().map(|codes| codes.map(given)).collect())
}

/// The positions that sort texts by code point, as Python does; `None` if something is no text.
#[pyfunction]
pub(crate) fn text_order<'py>(
    py: Python<'py>,
    names: PyReadonlyArray1<'py, Py<PyAny>>,
) -> PyResult<Option<Bound<'py, PyArray1<u32>>>> {
    let texts: Option<Vec<&str>> =
        texts(py, names.as_slice()?).and_then(|texts| texts.into_iter().collect());
    Ok(texts.map(|texts| {
        // The first eight bytes decide most comparisons without a look at the text.
        let mut order: Vec<(u64, u32)> =
            texts.iter().enumerate().map(|(row, text)| (head(text), row as u32)).collect();
        order.par_sort_unstable_by(|a, b| {
            let rest = || texts[a.1 as usize].cmp(texts[b.1 as usize]).then(a.1.cmp(&b.1));
            a.0.cmp(&b.0).then_with(rest)
        });
        order.into_iter().map(|(_, row)| row).collect::<Vec<u32>>().into_pyarray(py)
    }))
}

/// The first eight bytes as a number that orders as they do; a shorter text is filled with zeros.
fn head(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(8);
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// The text of each object, `None` for a missing one; `None` if an object is neither.
fn texts<'a, 'py>(py: Python<'py>, objects: &'a [Py<PyAny>]) -> Option<Vec<Option<&'a str>>>
where
    'py: 'a,
{
    let mut texts: Vec<Option<&str>> = Vec::with_capacity(objects.len());
    for (row, object) in objects.iter().enumerate() {
        // Judgments of one task often stand together and share one object.
        if row > 0 && object.is(&objects[row - 1]) {
            texts.push(texts[row - 1]);
            continue;
        }
        let object = object.bind(py);
        let text = match object.cast::<PyString>() {
            Ok(text) => Some(text.to_str().ok()?),
            Err(_) if object.is_none() => None,
            Err(_) if object.cast::<PyFloat>().is_ok_and(|number| number.value().is_nan()) => None,
            Err(_) => return None,
        };
        texts.push(text);
    }
    Some(texts)
}

struct Codes {
    codes: Vec<u32>,
    first: Vec<u32>,
}

impl Codes {
    fn of(texts: &[Option<&str>]) -> Self {
        let hasher = hashbrown::DefaultHashBuilder::default();
        let mut table: HashTable<(u64, u32)> = HashTable::new();
        let mut seen = Seen::default();
        let mut found = Self { codes: Vec::with_capacity(texts.len()), first: Vec::new() };
        for (row, text) in texts.iter().enumerate() {
            let Some(text) = text else {
                found.codes.push(MISSING);
                continue;
            };
            if let Some(code) = seen.code(text) {
                found.codes.push(code);
                continue;
            }
            let hash = hasher.hash_one(text.as_bytes());
            let equal = |&(other, code): &(u64, u32)| {
                other == hash && texts[found.first[code as usize] as usize] == Some(*text)
            };
            let code = match table.entry(hash, equal, |&(hash, _)| hash) {
                Entry::Occupied(entry) => entry.get().1,
                Entry::Vacant(entry) => {
                    let code = found.first.len() as u32;
                    entry.insert((hash, code));
                    found.first.push(row as u32);
                    code
                }
            };
            seen.remember(text, code);
            found.codes.push(code);
        }
        found
    }
}

/// The codes of texts by where they lie in memory: a text met again at the same place need not be read.
struct Seen {
    places: Vec<(usize, usize, u32)>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { places: vec![(0, 0, MISSING); 1 << 14] }
    }
}

impl Seen {
    fn place(&self, text: &str) -> usize {
        let address = text.as_ptr() as usize;
        (address >> 4 ^ address >> 18) & (self.places.len() - 1)
    }

    fn code(&self, text: &str) -> Option<u32> {
        let (address, length, code) = self.places[self.place(text)];
        (address == text.as_ptr() as usize && length == text.len() && code != MISSING)
            .then_some(code)
    }

    fn remember(&mut self, text: &str, code: u32) {
        let place = self.place(text);
        self.places[place] = (text.as_ptr() as usize, text.len(), code);
    }
}
