//! The variables that a template names, to be checked before any task is shown.

use std::collections::HashSet;

use serde_json::Value;

use super::read::{Chain, Expression, Path};

/// A variable that a template names, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) root: String,
    /// The keys behind it as far as they are written out.
    pub(crate) keys: Vec<String>,
    pub(crate) at: usize,
    /// Whether the template itself gives the root its value.
    pub(crate) is_own: bool,
}

#[derive(Default)]
pub(super) struct References(Vec<Reference>);

impl References {
    /// All of them; `own` are the names that the template gives a value.
    pub(super) fn known(self, own: &HashSet<String>) -> Vec<Reference> {
        let mut references = self.0;
        for reference in &mut references {
            reference.is_own = own.contains(&reference.root);
        }
        references
    }

    pub(super) fn note(&mut self, chain: &Chain) {
        self.note_expression(&chain.start);
        for call in &chain.filters {
            self.note_all(&call.arguments);
            call.named.iter().for_each(|(_, value)| self.note_expression(value));
        }
    }

    pub(super) fn note_expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Path(path) => self.note_path(path),
            Expression::Range(from, to) => {
                self.note_expression(from);
                self.note_expression(to);
            }
            Expression::Literal(_) | Expression::Empty => {}
        }
    }

    fn note_path(&mut self, path: &Path) {
        let keys = path.steps.iter().map_while(|step| match step {
            Expression::Literal(Value::String(key)) => Some(key.clone()),
            _ => None,
        });
        self.0.push(Reference {
            root: path.root.clone(),
            keys: keys.collect(),
            at: path.at,
            is_own: false,
        });
        self.note_all(&path.steps);
    }

    pub(super) fn note_all(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.note_expression(expression);
        }
    }
}
