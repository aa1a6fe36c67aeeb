//! Questions as Mechanical Turk's API takes them: the page in a `CDATA` section of an `<HTMLQuestion>`.

use std::borrow::Cow;

/// The page in its envelope, with blanks for what is around it, so that every place stays what it is; any other text as it
/// is.
pub(crate) fn open(text: &str) -> Cow<'_, str> {
    const START: &str = "<![CDATA[";
    let begin = after_declaration(text.trim_start());
    if !begin.starts_with("<HTMLQuestion") {
        return Cow::Borrowed(text);
    }
    let Some(start) = text.find(START).map(|start| start + START.len()) else {
        return Cow::Borrowed(text);
    };
    let end = text.rfind("]]>").filter(|end| *end >= start).unwrap_or(text.len());
    Cow::Owned(blank(&text[..start]) + &text[start..end] + &blank(&text[end..]))
}

/// What follows an `<?xml …?>`.
fn after_declaration(text: &str) -> &str {
    let rest = text.strip_prefix("<?xml").and_then(|text| text.split_once("?>"));
    rest.map_or(text, |(_, rest)| rest.trim_start())
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}
