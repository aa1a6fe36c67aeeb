//! Filters on texts.

use serde_json::Value;

use super::filters::{Given, Made};
use super::values::as_whole;

pub(super) fn append(given: &Given<'_>) -> Value {
    format!("{}{}", given.text(), given.text_of(0)).into()
}

pub(super) fn prepend(given: &Given<'_>) -> Value {
    format!("{}{}", given.text_of(0), given.text()).into()
}

pub(super) fn capitalize(given: &Given<'_>) -> Value {
    let text = given.text();
    let mut characters = text.chars();
    let first: String = characters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    (first + &characters.as_str().to_lowercase()).into()
}

pub(super) fn newline_to_br(given: &Given<'_>) -> Value {
    given.text().replace("\r\n", "\n").replace('\n', "<br>\n").into()
}

/// The text without tags, comments, and what is in scripts and styles.
pub(super) fn strip_html(given: &Given<'_>) -> Value {
    let mut text = String::new();
    let mut hidden = false;
    for token in crate::html::tokens(&given.text()) {
        match token {
            html5gum::Token::String(words) if !hidden => {
                text += &String::from_utf8_lossy(&words);
            }
            html5gum::Token::StartTag(tag) => {
                hidden = matches!(&*tag.name.0, b"script" | b"style");
            }
            html5gum::Token::EndTag(_) => hidden = false,
            _ => {}
        }
    }
    text.into()
}

pub(super) fn replace(given: &Given<'_>) -> Made {
    let (text, from, to) = (given.text(), given.text_of(0), given.text_of(1));
    let times = text.matches(&*from).count();
    given.has_room(text.len() + times.saturating_mul(to.len()))?;
    Ok(text.replace(&*from, &to).into())
}

pub(super) fn replace_first(given: &Given<'_>) -> Value {
    given.text().replacen(&*given.text_of(0), &given.text_of(1), 1).into()
}

pub(super) fn replace_last(given: &Given<'_>) -> Value {
    let (text, from) = (given.text(), given.text_of(0));
    match text.rfind(&*from) {
        Some(at) => {
            format!("{}{}{}", &text[..at], given.text_of(1), &text[at + from.len()..]).into()
        }
        None => text.into(),
    }
}

/// Empty parts at the end are left out; without a separator every character is a part.
pub(super) fn split(given: &Given<'_>) -> Made {
    const ONE_PART: usize = 64;
    let (text, separator) = (given.text(), given.text_of(0));
    if separator.is_empty() {
        given.has_room(text.len().saturating_mul(ONE_PART))?;
        return Ok(text.chars().map(|c| c.to_string()).collect());
    }
    given.has_room(text.matches(&*separator).count().saturating_mul(ONE_PART) + text.len())?;
    let mut parts: Vec<&str> = match &*separator {
        " " => text.split_whitespace().collect(),
        separator => text.split(separator).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Ok(parts.into_iter().collect())
}

/// The ellipsis counts.
pub(super) fn truncate(given: &Given<'_>) -> Value {
    let text = given.text();
    let most = given.argument(0).and_then(as_whole).unwrap_or(50).max(0) as usize;
    let ellipsis = given.argument(1).map_or("...".into(), super::values::text_of);
    if text.chars().count() <= most {
        return text.into();
    }
    let kept = most.saturating_sub(ellipsis.chars().count());
    (text.chars().take(kept).collect::<String>() + &ellipsis).into()
}

pub(super) fn truncate_words(given: &Given<'_>) -> Value {
    let text = given.text();
    let most = given.argument(0).and_then(as_whole).unwrap_or(15).max(1) as usize;
    let ellipsis = given.argument(1).map_or("...".into(), super::values::text_of);
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() <= most {
        return text.into();
    }
    (words[..most].join(" ") + &ellipsis).into()
}

pub(super) fn url_encode(given: &Given<'_>) -> Value {
    let encoded = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    given.text().bytes().map(encoded).collect::<String>().into()
}

pub(super) fn url_decode(given: &Given<'_>) -> Value {
    let text = given.text().replace('+', " ");
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    Value::from(String::from_utf8_lossy(&decoded).into_owned())
}
