//! Integer names.

use hashbrown::HashMap;

/// Marks a number without code in the table.
const NONE: u32 = u32::MAX;
/// Numbers below this are always in the table, however few names there are.
const SMALL: usize = 1 << 16;

/// Distinct integers by code. Numbers not much larger than the count of rows or names are found in a table that the
/// number indexes, others (negative, sparse, huge) in a hash map.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    values: Vec<i64>,
    table: Vec<u32>,
    sparse: HashMap<i64, u32>,
    expected: usize,
}

impl Numbers {
    pub(super) fn expecting(rows: usize) -> Self {
        Self { expected: rows.max(SMALL), ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn get(&self, code: usize) -> i64 {
        self.values[code]
    }

    #[inline]
    pub(super) fn code(&mut self, value: i64) -> u32 {
        match usize::try_from(value).ok().and_then(|place| self.table.get(place)) {
            Some(&code) if code != NONE => code,
            _ => self.find_sparse(value).unwrap_or_else(|| self.add(value)),
        }
    }

    pub(super) fn find(&self, value: i64) -> Option<u32> {
        let place = usize::try_from(value).ok().and_then(|place| self.table.get(place));
        place.copied().filter(|&code| code != NONE).or_else(|| self.find_sparse(value))
    }

    pub(super) fn forget_codes(&mut self) {
        self.table = Vec::new();
        self.sparse = HashMap::new();
        self.values.shrink_to_fit();
    }

    /// A number may be here although it would fit the table, which was shorter when the number came.
    fn find_sparse(&self, value: i64) -> Option<u32> {
        if self.sparse.is_empty() { None } else { self.sparse.get(&value).copied() }
    }

    #[cold]
    fn add(&mut self, value: i64) -> u32 {
        let code = u32::try_from(self.values.len()).expect("judgments are fewer than 2^32");
        self.values.push(value);
        let limit = self.expected.max(4 * self.values.len());
        match usize::try_from(value) {
            Ok(place) if place < limit => {
                if place >= self.table.len() {
                    let length = (place + 1).max(2 * self.table.len()).min(limit);
                    self.table.resize(length.max(SMALL), NONE);
                }
                self.table[place] = code;
            }
            _ => drop(self.sparse.insert(value, code)),
        }
        code
    }
}
