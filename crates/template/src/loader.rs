//! The script that brings the elements: templates name Amazon's, we serve our own.

use crate::html::{Markup, Tag};

/// Puts our own address where a template loads the elements from, and the script where it loads none. Lines stay where
/// they are, so that what fails in a page fails in the same line of the template.
pub(crate) fn rewritten(source: &str, markup: &Markup, base: &str) -> String {
    let mut page = String::with_capacity(source.len() + 200);
    let mut done = 0;
    let mut insert_at = 0;
    let mut has_loader = false;
    for tag in markup.starts() {
        if let Some((address, file)) = loaded(tag) {
            let start = tag.attribute(attribute_of(tag)).map_or(tag.span.start, |found| found.at);
            if let Some(found) = source[start..tag.span.end].find(&address) {
                page.push_str(&source[done..start + found]);
                page.push_str(&format!("{base}/{file}"));
                done = start + found + address.len();
                has_loader |= tag.name == "script";
            }
        }
        if tag.name == "head" || (tag.name == "html" && insert_at == 0) {
            insert_at = tag.span.end;
        }
    }
    page.push_str(&source[done..]);
    let start = if markup.has_doctype { "" } else { "<!doctype html>" };
    if has_loader {
        return format!("{start}{page}");
    }
    let script = format!("<script src=\"{base}/crowd-html-elements.js\"></script>");
    // Without a loader nothing before was rewritten, so places are those of the source.
    let insert_at = if insert_at == 0 { doctype_end(source, markup) } else { insert_at };
    match done {
        0 => format!("{start}{}{script}{}", &page[..insert_at], &page[insert_at..]),
        _ => format!("{start}{script}{page}"),
    }
}

fn doctype_end(source: &str, markup: &Markup) -> usize {
    let end = markup.has_doctype.then(|| source.find('>')).flatten();
    end.map_or(0, |end| end + 1)
}

fn attribute_of(tag: &Tag) -> &'static str {
    if tag.name == "link" { "href" } else { "src" }
}

/// The address as the template writes it, and our file's name, if this tag loads the elements.
pub(crate) fn loaded(tag: &Tag) -> Option<(String, &'static str)> {
    if !["script", "link"].contains(&&*tag.name) {
        return None;
    }
    let address = tag.fixed(attribute_of(tag))?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let file = match path.rsplit('/').next().unwrap_or_default() {
        "crowd-html-elements.js" => "crowd-html-elements.js",
        "crowd-html-elements-v2.js" => "crowd-html-elements-v2.js",
        "crowd-html-elements-v2.css" => "css/crowd-html-elements-v2.css",
        _ => return None,
    };
    Some((address.to_owned(), file))
}
