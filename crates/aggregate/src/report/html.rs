//! Pieces of the page.

/// Text that cannot be taken for markup.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other if other.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// A card with a heading, a sentence that says how to read it, and its content.
pub(super) fn section(id: &str, wide: bool, heading: &str, reading: &str, content: &str) -> String {
    let class = if wide { " class=\"wide\"" } else { "" };
    format!(
        "<section id=\"{id}\"{class}>\n<h2>{heading}</h2>\n<p>{reading}</p>\n{content}</section>\n"
    )
}

/// A table; columns whose head starts with `#` hold numbers, with `~` lists. Cells are escaped.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::from("<div class=\"scroll\"><table><thead><tr>");
    for head in heads {
        text += &match head.strip_prefix('#') {
            Some(head) => format!("<th class=\"number\">{}</th>", escaped(head)),
            None => format!("<th>{}</th>", escaped(head.trim_start_matches('~'))),
        };
    }
    text += "</tr></thead><tbody>\n";
    for row in rows {
        text += "<tr>";
        for (cell, head) in row.iter().zip(heads) {
            let class = match head.as_bytes().first() {
                Some(b'#') => "number",
                Some(b'~') => "list",
                _ => "name",
            };
            text += &format!("<td class=\"{class}\">{}</td>", escaped(cell));
        }
        text += "</tr>\n";
    }
    text + "</tbody></table></div>\n"
}

/// Figures with captions in a row.
pub(super) fn tiles(figures: &[(&str, String)]) -> String {
    let mut text = String::from("<dl class=\"tiles\">");
    for (caption, figure) in figures {
        text += &format!("<div><dt>{}</dt><dd>{}</dd></div>", escaped(caption), escaped(figure));
    }
    text + "</dl>\n"
}
