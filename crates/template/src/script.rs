//! Where in a script a value would stand: in a quoted text, in code, in a comment.
//!
//! This is no parser of JavaScript: it knows quotes, comments, regular expressions and template literals, which is what
//! decides whether a character ends the place where a value stands.

#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    state: State,
    /// The last character of code that is no white space, and the word that it ends.
    last: Option<char>,
    word: String,
    /// For each `${` that is open in a template literal, the braces open in it.
    nested: Vec<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    Quoted(char),
    /// Behind a backslash in a quoted text.
    Escaped(char),
    /// Behind `$` in a template literal.
    Dollar,
    /// Behind a slash, where a regular expression may begin or not.
    Slash(bool),
    Expression {
        in_class: bool,
    },
    ExpressionEscaped {
        in_class: bool,
    },
    LineComment,
    BlockComment,
    /// Behind a star in a comment.
    Star,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScriptPlace {
    Code,
    /// In quotes.
    Text,
    /// In a regular expression.
    Expression,
    Comment,
}

/// Words behind which a slash begins a regular expression.
const BEFORE_EXPRESSION: [&str; 6] = ["return", "typeof", "case", "in", "of", "void"];

impl Script {
    pub(crate) fn place(&self) -> ScriptPlace {
        match self.state {
            State::Code | State::Slash(_) => ScriptPlace::Code,
            State::LineComment | State::BlockComment | State::Star => ScriptPlace::Comment,
            State::Expression { .. } | State::ExpressionEscaped { .. } => ScriptPlace::Expression,
            State::Quoted(_) | State::Escaped(_) | State::Dollar => ScriptPlace::Text,
        }
    }

    /// Goes on by one character.
    pub(crate) fn follow(&mut self, character: char) {
        self.state = match (self.state, character) {
            (State::Slash(_), '/') => State::LineComment,
            (State::Slash(_), '*') => State::BlockComment,
            (State::Slash(true), c) => in_expression(false, c),
            (State::Code | State::Slash(false), c) => self.code(c),
            (State::Escaped(quote), _) => State::Quoted(quote),
            (State::Dollar, '{') => {
                self.nested.push(0);
                State::Code
            }
            (State::Quoted(quote), c) => quoted(quote, c),
            (State::Dollar, c) => quoted('`', c),
            (State::Expression { in_class }, c) => in_expression(in_class, c),
            (State::ExpressionEscaped { in_class }, _) => State::Expression { in_class },
            (State::LineComment, '\n') | (State::Star, '/') => State::Code,
            (State::LineComment, _) => State::LineComment,
            (State::BlockComment | State::Star, '*') => State::Star,
            (State::BlockComment | State::Star, _) => State::BlockComment,
        };
    }

    fn code(&mut self, character: char) -> State {
        let expression_fits = self.expression_fits();
        self.remember(character);
        match (character, self.nested.last_mut()) {
            ('"' | '\'' | '`', _) => State::Quoted(character),
            ('/', _) => State::Slash(expression_fits),
            ('{', Some(braces)) => {
                *braces += 1;
                State::Code
            }
            ('}', Some(0)) => {
                self.nested.pop();
                State::Quoted('`')
            }
            ('}', Some(braces)) => {
                *braces -= 1;
                State::Code
            }
            _ => State::Code,
        }
    }

    fn remember(&mut self, character: char) {
        const LONGEST: usize = 10;
        if character.is_alphanumeric() || "_$".contains(character) {
            if !self.last.is_some_and(|last| last.is_alphanumeric() || "_$".contains(last)) {
                self.word.clear();
            }
            if self.word.len() < LONGEST {
                self.word.push(character);
            }
        } else if !character.is_whitespace() {
            self.word.clear();
        }
        if !character.is_whitespace() {
            self.last = Some(character);
        }
    }

    /// Whether a slash here divides or begins a regular expression.
    fn expression_fits(&self) -> bool {
        match self.last {
            None => true,
            Some(_) if !self.word.is_empty() => BEFORE_EXPRESSION.contains(&&*self.word),
            Some(last) => !")]}\"'`".contains(last),
        }
    }
}

fn quoted(quote: char, character: char) -> State {
    match character {
        '\\' => State::Escaped(quote),
        '$' if quote == '`' => State::Dollar,
        c if c == quote => State::Code,
        // Only template literals go on in the next line.
        '\n' if quote != '`' => State::Code,
        _ => State::Quoted(quote),
    }
}

fn in_expression(in_class: bool, character: char) -> State {
    match character {
        '\\' => State::ExpressionEscaped { in_class },
        '[' => State::Expression { in_class: true },
        ']' => State::Expression { in_class: false },
        '/' if !in_class => State::Code,
        '\n' => State::Code,
        _ => State::Expression { in_class },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known() {
        for (script, place) in [
            ("var x = ", ScriptPlace::Code),
            ("var x = \"a", ScriptPlace::Text),
            ("var x = \"a\" + ", ScriptPlace::Code),
            ("var x = 'a\\'", ScriptPlace::Text),
            ("var x = 'a\n", ScriptPlace::Code),
            ("`a\n", ScriptPlace::Text),
            ("`a ${", ScriptPlace::Code),
            ("`a ${ {a: '}'}.a + ", ScriptPlace::Code),
            ("`a ${ b } ", ScriptPlace::Text),
            ("`a $${ `b` } c` + ", ScriptPlace::Code),
            ("// it's ", ScriptPlace::Comment),
            ("// it's\n", ScriptPlace::Code),
            ("/* * it's ", ScriptPlace::Comment),
            ("/* a **/ ", ScriptPlace::Code),
            ("x.replace(/\"/g, ", ScriptPlace::Code),
            ("x.replace(/[/'\"]", ScriptPlace::Expression),
            ("return /'/.test(", ScriptPlace::Code),
            ("a / b / ", ScriptPlace::Code),
            ("f(a) / 2 + '", ScriptPlace::Text),
            ("x = a / '", ScriptPlace::Text),
        ] {
            let mut read = Script::default();
            script.chars().for_each(|character| read.follow(character));
            assert_eq!(read.place(), place, "{script}");
        }
    }
}
