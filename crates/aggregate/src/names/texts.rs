//! Names that are no integers.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Distinct texts by code, one after the other in one piece of memory, found through a hash table of codes.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    text: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, code: usize) -> &str {
        part(&self.text, &self.ends, code)
    }

    pub(crate) fn code(&mut self, name: &str) -> u32 {
        let Self { text, ends, table, hasher } = self;
        let hash = hasher.hash_one(name);
        if let Some(&code) = table.find(hash, |&code| part(text, ends, code as usize) == name) {
            return code;
        }
        let code = u32::try_from(ends.len()).expect("judgments are fewer than 2^32");
        text.push_str(name);
        ends.push(text.len());
        table.insert_unique(hash, code, |&code| hasher.hash_one(part(text, ends, code as usize)));
        code
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        self.table.find(hash, |&code| self.get(code as usize) == name).copied()
    }

    pub(super) fn forget_codes(&mut self) {
        self.table = HashTable::new();
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

fn part<'a>(text: &'a str, ends: &[usize], code: usize) -> &'a str {
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &text[start..ends[code]]
}
