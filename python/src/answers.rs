//! Errors and arrays on their way back to Python.

use crowdsmith_truth::Error;
use numpy::ndarray::IntoDimension;
use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// What was wrong with the input, as a `ValueError`.
pub(crate) fn refused(error: Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// A dictionary of results in the making.
pub(crate) struct Answer<'py>(pub(crate) Bound<'py, PyDict>);

impl<'py> Answer<'py> {
    pub(crate) fn new(py: Python<'py>) -> Self {
        Self(PyDict::new(py))
    }

    pub(crate) fn set(&self, name: &str, value: impl IntoPyObject<'py>) -> PyResult<&Self> {
        self.0.set_item(name, value)?;
        Ok(self)
    }

    /// A vector as an array of one dimension.
    pub(crate) fn column<T: numpy::Element>(&self, name: &str, values: Vec<T>) -> PyResult<&Self> {
        self.set(name, values.into_pyarray(self.0.py()))
    }

    /// A row-major vector as an array of several dimensions.
    pub(crate) fn table<T: numpy::Element>(
        &self,
        name: &str,
        values: Vec<T>,
        shape: impl IntoDimension,
    ) -> PyResult<&Self> {
        self.set(name, values.into_pyarray(self.0.py()).reshape(shape)?)
    }
}
