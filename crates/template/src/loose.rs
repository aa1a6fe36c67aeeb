//! Reads lists and objects in attributes as loosely as the elements do (`web/elements/src/base/loose-json.ts`): JSON,
//! JSON5, other quotes, unquoted words, comments, line breaks in texts, commas too many or too few, Python's words.

use serde_json::{Map, Value};

/// Lists may stand in one another this deep.
const DEEPEST: usize = 64;

/// `None` if it cannot even loosely be read.
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text, depth: 0 };
    let value = reader.value()?;
    reader.skip();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'s> {
    rest: &'s str,
    depth: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.find('\n').map_or("", |end| &comment[end..]);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
            } else {
                return;
            }
        }
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.skip();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Value> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = if self.takes('[') {
            self.list()
        } else if self.takes('{') {
            self.object()
        } else {
            match self.quote() {
                Some(close) => self.quoted(close).map(Value::from),
                None => self.word().map(scalar),
            }
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Option<Value> {
        let mut list = Vec::new();
        while !self.takes(']') {
            if !self.takes(',') {
                list.push(self.value()?);
            }
        }
        Some(list.into())
    }

    fn object(&mut self) -> Option<Value> {
        let mut object = Map::new();
        while !self.takes('}') {
            if self.takes(',') {
                continue;
            }
            let key = match self.quote() {
                Some(close) => self.quoted(close)?,
                None => self.word()?.to_owned(),
            };
            if !self.takes(':') {
                return None;
            }
            object.insert(key, self.value()?);
        }
        Some(object.into())
    }

    /// What closes the text in quotes that begins here, if one does.
    fn quote(&mut self) -> Option<char> {
        self.skip();
        match self.rest.chars().next()? {
            quote @ ('"' | '\'' | '`') => Some(quote),
            '“' => Some('”'),
            '‘' => Some('’'),
            _ => None,
        }
    }

    fn quoted(&mut self, close: char) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            if character == close {
                self.rest = &self.rest[at + character.len_utf8()..];
                return Some(text);
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            let (_, escaped) = characters.next()?;
            match escaped {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                '\n' => {}
                'u' | 'x' => {
                    let length = if escaped == 'u' { 4 } else { 2 };
                    let digits: String = characters.by_ref().take(length).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&digits, 16).ok()?;
                    text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                }
                other => text.push(other),
            }
        }
        None
    }

    /// A word, or several with spaces between them.
    fn word(&mut self) -> Option<&str> {
        self.skip();
        let ends = |character: char| ",:[]{}\"'“”\n".contains(character);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(word.trim_end()).filter(|word| !word.is_empty())
    }
}

fn scalar(word: &str) -> Value {
    match word {
        "true" | "True" => true.into(),
        "false" | "False" => false.into(),
        "null" | "None" | "undefined" | "nil" => Value::Null,
        other => {
            let number = other.strip_prefix('+').unwrap_or(other);
            let whole = number.parse::<i64>().map(Value::from);
            let looks_numeric =
                number.starts_with(|c: char| c.is_ascii_digit() || "-.".contains(c));
            let float = || number.parse::<f64>().ok().filter(|_| looks_numeric).map(Value::from);
            whole.ok().or_else(float).unwrap_or_else(|| other.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_templates_write_is_read() {
        for (text, value) in [
            (r#"["a", "b"]"#, json!(["a", "b"])),
            ("['Cat', 'it\\'s',]", json!(["Cat", "it's"])),
            ("[a b, c\n]", json!(["a b", "c"])),
            ("{ text: 'None of the above' }", json!({"text": "None of the above"})),
            (
                "[{'label': 'x', n: 1.5, b: True} // y\n]",
                json!([{"label": "x", "n": 1.5, "b": true}]),
            ),
            ("[“a” ‘b’]", json!(["a", "b"])),
            ("[,1,,2,]", json!([1, 2])),
            ("[\"\\u00e4\"]", json!(["ä"])),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["[", "['a", "{a}", "[] x", "", &"[".repeat(100)] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
