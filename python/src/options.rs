//! Keyword arguments of an estimator.

use std::cell::RefCell;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Named hyper-parameters; what nobody asked for is an error.
pub(crate) struct Options<'py> {
    given: Option<Bound<'py, PyDict>>,
    known: RefCell<Vec<&'static str>>,
}

impl<'py> Options<'py> {
    pub(crate) fn new(given: Option<Bound<'py, PyDict>>) -> Self {
        Self { given, known: RefCell::default() }
    }

    /// The value given for a name, or the default.
    pub(crate) fn or<T>(&self, name: &'static str, default: T) -> PyResult<T>
    where
        T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
    {
        Ok(self.maybe(name)?.unwrap_or(default))
    }

    /// The value given for a name, if any; `None` counts as not given.
    pub(crate) fn maybe<T>(&self, name: &'static str) -> PyResult<Option<T>>
    where
        T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
    {
        self.known.borrow_mut().push(name);
        let Some(given) = &self.given else { return Ok(None) };
        match given.get_item(name)? {
            Some(value) if !value.is_none() => Ok(Some(value.extract()?)),
            _ => Ok(None),
        }
    }

    /// Refuses names that were given and never asked for.
    pub(crate) fn finish(self) -> PyResult<()> {
        let known = self.known.into_inner();
        for name in self.given.iter().flat_map(|given| given.keys().iter().collect::<Vec<_>>()) {
            let name: String = name.extract()?;
            if !known.contains(&name.as_str()) {
                return Err(PyTypeError::new_err(format!("unknown parameter `{name}`")));
            }
        }
        Ok(())
    }
}
