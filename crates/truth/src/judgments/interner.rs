//! Names to dense codes and back.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Gives every distinct name the next code, in order of first appearance.
///
/// ```
/// use crowdsmith_truth::Interner;
///
/// let mut labels = Interner::<String>::default();
/// let codes: Vec<u32> = ["cat", "dog", "cat"].into_iter().map(|name| labels.code(name)).collect();
/// assert_eq!(codes, [0, 1, 0]);
/// assert_eq!(labels.names(), ["cat", "dog"]);
/// assert_eq!(labels.find("dog"), Some(1));
/// ```
#[derive(Debug, Clone)]
pub struct Interner<K> {
    codes: HashMap<K, u32>,
    names: Vec<K>,
}

impl<K> Default for Interner<K> {
    fn default() -> Self {
        Self { codes: HashMap::new(), names: Vec::new() }
    }
}

impl<K: Eq + Hash + Clone> Interner<K> {
    /// The code of a name, a new one if it was not seen before.
    ///
    /// # Panics
    /// After 2³² distinct names.
    pub fn code<Q>(&mut self, name: &Q) -> u32
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(&code) = self.codes.get(name) {
            return code;
        }
        let code = u32::try_from(self.names.len()).expect("at most 2^32 distinct names");
        let name = name.to_owned();
        self.names.push(name.clone());
        self.codes.insert(name, code);
        code
    }

    /// The code of a name seen before.
    pub fn find<Q>(&self, name: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.codes.get(name).copied()
    }

    /// All names; the index of a name is its code.
    pub fn names(&self) -> &[K] {
        &self.names
    }

    /// All names, giving up the codes.
    pub fn into_names(self) -> Vec<K> {
        self.names
    }
}
