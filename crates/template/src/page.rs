//! The page as it is written: knows where in the HTML it is, so that a value stays a text there.

use std::fmt::Write as _;

use serde_json::Value;

use crate::script::{Script, ScriptPlace};

/// How a value goes on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// As text, whatever is in it.
    Html,
    /// The same, from a column of Mechanical Turk: scripts get the text itself, not its HTML.
    Column,
    /// As text, but what is HTML of a character already stays so.
    Once,
    /// It was made HTML already.
    Done,
    /// The template's author answers for it.
    Raw,
}

#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) text: String,
    place: Place,
    /// The tag and the attribute that the page is in, lower case.
    tag: String,
    attribute: String,
    /// How much of the attribute's value stands there.
    value_length: usize,
    /// The last characters, to find the ends of comments and scripts.
    recent: String,
    script: Script,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Text,
    /// Behind a `<`.
    Open,
    TagName,
    InTag,
    AttributeName,
    /// Behind `=`.
    BeforeValue,
    Quoted(char),
    Unquoted,
    /// `</…`, `<!…`: up to `>`.
    Declaration,
    Comment,
    /// In `<script>`, `<style>`, `<textarea>` or `<title>`, up to its end tag.
    Verbatim,
}

/// Attributes whose value is an address that could be a script.
const ADDRESSES: [&str; 6] = ["href", "src", "action", "formaction", "xlink:href", "data"];

impl Page {
    /// Writes text of the template.
    pub(crate) fn literal(&mut self, text: &str) {
        self.text.push_str(text);
        let mut rest = text;
        loop {
            if self.place == Place::Text {
                rest = rest.find('<').map_or("", |next| &rest[next..]);
            }
            let mut characters = rest.chars();
            let Some(character) = characters.next() else { return };
            self.follow(character);
            rest = characters.as_str();
        }
    }

    /// Writes a value.
    pub(crate) fn value(&mut self, text: &str, escape: Escape) {
        if escape == Escape::Raw {
            return self.literal(text);
        }
        let written = match self.place {
            Place::Verbatim if self.tag == "script" => self.in_script(text, escape),
            Place::Open | Place::TagName | Place::InTag | Place::AttributeName => {
                text.chars().filter(|c| c.is_alphanumeric() || "-_.: ".contains(*c)).collect()
            }
            Place::BeforeValue | Place::Unquoted => in_unquoted(&self.in_attribute(text, escape)),
            Place::Quoted(_) => self.in_attribute(text, escape),
            _ => html(text, escape),
        };
        self.literal(&written);
    }

    fn in_attribute(&self, text: &str, escape: Escape) -> String {
        if self.attribute.starts_with("on") {
            return html(&in_quotes(text), escape);
        }
        if self.attribute == "srcdoc" {
            return escaped(&html(text, escape), false);
        }
        if self.value_length == 0 && ADDRESSES.contains(&&*self.attribute) && is_script(text) {
            return "about:blank".to_owned();
        }
        html(text, escape)
    }

    fn in_script(&self, text: &str, escape: Escape) -> String {
        match self.script.place() {
            ScriptPlace::Text if escape == Escape::Column => in_quotes(text),
            ScriptPlace::Text => in_quotes(&html(text, escape)),
            ScriptPlace::Expression => in_quotes(text).replace('/', "\\u002f"),
            ScriptPlace::Code => as_literal(text),
            ScriptPlace::Comment => {
                let line_ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
                escaped(text, false).replace('*', " ").replace(line_ends, " ")
            }
        }
    }

    /// Goes on by one character of the page.
    fn follow(&mut self, character: char) {
        self.place = match self.place {
            Place::Text if character == '<' => Place::Open,
            Place::Text => Place::Text,
            Place::Open => self.opened(character),
            Place::TagName => self.in_tag_name(character),
            Place::InTag => self.in_tag(character),
            Place::AttributeName => self.in_attribute_name(character),
            Place::BeforeValue => self.before_value(character),
            Place::Quoted(quote) if character == quote => Place::InTag,
            Place::Quoted(_) => self.in_value(self.place),
            Place::Unquoted if character == '>' => self.tag_ends(),
            Place::Unquoted if character.is_ascii_whitespace() => Place::InTag,
            Place::Unquoted => self.in_value(Place::Unquoted),
            Place::Declaration => self.in_declaration(character),
            Place::Comment => self.in_comment(character),
            Place::Verbatim => self.in_verbatim(character),
        };
    }

    fn opened(&mut self, character: char) -> Place {
        self.recent = character.to_string();
        self.tag.clear();
        match character {
            '/' | '!' | '?' => Place::Declaration,
            '<' => Place::Open,
            letter if letter.is_ascii_alphabetic() => {
                self.tag.push(letter.to_ascii_lowercase());
                Place::TagName
            }
            _ => Place::Text,
        }
    }

    fn in_tag_name(&mut self, character: char) -> Place {
        match character {
            '>' => self.tag_ends(),
            c if c.is_ascii_whitespace() || c == '/' => Place::InTag,
            c => {
                self.tag.push(c.to_ascii_lowercase());
                Place::TagName
            }
        }
    }

    fn in_tag(&mut self, character: char) -> Place {
        match character {
            '>' => self.tag_ends(),
            '=' => self.value_begins(),
            c if c.is_ascii_whitespace() || c == '/' => Place::InTag,
            c => {
                self.attribute.clear();
                self.attribute.push(c.to_ascii_lowercase());
                Place::AttributeName
            }
        }
    }

    fn in_attribute_name(&mut self, character: char) -> Place {
        match character {
            '>' => self.tag_ends(),
            '=' => self.value_begins(),
            c if c.is_ascii_whitespace() || c == '/' => Place::InTag,
            c => {
                self.attribute.push(c.to_ascii_lowercase());
                Place::AttributeName
            }
        }
    }

    fn value_begins(&mut self) -> Place {
        self.value_length = 0;
        Place::BeforeValue
    }

    fn before_value(&mut self, character: char) -> Place {
        match character {
            '"' | '\'' => Place::Quoted(character),
            '>' => self.tag_ends(),
            c if c.is_ascii_whitespace() => Place::BeforeValue,
            _ => self.in_value(Place::Unquoted),
        }
    }

    fn in_value(&mut self, place: Place) -> Place {
        self.value_length += 1;
        place
    }

    fn tag_ends(&mut self) -> Place {
        self.attribute.clear();
        self.recent.clear();
        self.script = Script::default();
        match &*self.tag {
            "script" | "style" | "textarea" | "title" => Place::Verbatim,
            _ => Place::Text,
        }
    }

    fn in_declaration(&mut self, character: char) -> Place {
        self.remember(character, 3);
        match character {
            '>' => Place::Text,
            _ if self.recent == "!--" => Place::Comment,
            _ => Place::Declaration,
        }
    }

    fn in_comment(&mut self, character: char) -> Place {
        self.remember(character, 3);
        if self.recent == "-->" { Place::Text } else { Place::Comment }
    }

    fn in_verbatim(&mut self, character: char) -> Place {
        let end_length = self.tag.len() + 2;
        self.remember(character.to_ascii_lowercase(), end_length);
        if self.recent.strip_prefix("</") == Some(&*self.tag) {
            self.tag.clear();
            return Place::Declaration;
        }
        if self.tag == "script" {
            self.script.follow(character);
        }
        Place::Verbatim
    }

    fn remember(&mut self, character: char, most: usize) {
        self.recent.push(character);
        while self.recent.chars().count() > most {
            self.recent.remove(0);
        }
    }
}

fn html(text: &str, escape: Escape) -> String {
    match escape {
        Escape::Done => text.to_owned(),
        _ => escaped(text, escape == Escape::Once),
    }
}

/// HTML of a text. With `once`, what is HTML already stays.
pub(crate) fn escaped(text: &str, once: bool) -> String {
    let mut html = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '&' if once && is_entity(&text[at..]) => html.push('&'),
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// Whether `&name;` or `&#number;` stands at the start.
fn is_entity(text: &str) -> bool {
    const LONGEST: usize = 40;
    let name = text[1..].split(';').next().unwrap_or_default();
    let digits = name.strip_prefix('#').unwrap_or(name);
    text.len() > name.len() + 1
        && !digits.is_empty()
        && name.len() < LONGEST
        && digits.chars().all(|character| character.is_ascii_alphanumeric())
}

/// White space and the like would end an unquoted value.
fn in_unquoted(html: &str) -> String {
    html.chars().fold(String::new(), |mut text, character| {
        if character.is_ascii_whitespace() || "=`".contains(character) {
            let _ = write!(text, "&#{};", character as u32);
        } else {
            text.push(character);
        }
        text
    })
}

/// The text inside of quotes of a script, whichever they are.
fn in_quotes(text: &str) -> String {
    text.chars().fold(String::new(), |mut script, character| {
        match character {
            '\\' => script.push_str("\\\\"),
            '\n' => script.push_str("\\n"),
            '\r' => script.push_str("\\r"),
            '"' | '\'' | '`' | '<' | '>' | '$' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(script, "\\u{:04x}", character as u32);
            }
            other => script.push(other),
        }
        script
    })
}

/// The text in the code of a script: JSON as it is, anything else as a quoted text.
fn as_literal(text: &str) -> String {
    let value = serde_json::from_str(text.trim()).unwrap_or_else(|_| Value::from(text));
    let json = value.to_string();
    let json = json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028");
    json.replace('\u{2029}', "\\u2029")
}

fn is_script(address: &str) -> bool {
    let plain: String =
        address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(12).collect();
    let plain = plain.to_ascii_lowercase();
    plain.starts_with("javascript:") || plain.starts_with("vbscript:")
}
