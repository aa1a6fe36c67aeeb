//! What can be told about a template before any task is shown in it.

use crate::elements::{self, gives};
use crate::html::{HOLE, Markup, Tag};
use crate::mistake::{Mistake, Severity, place, suggestion};
use crate::source::{Kind, Source};
use crate::{Known, fields, loader};

/// More are not told.
const MOST: usize = 50;

pub(crate) fn lint(source: &Source<'_>, known: &Known<'_>) -> Vec<Mistake> {
    let mut lint = Lint { source, known, mistakes: Vec::new() };
    lint.values();
    lint.tags();
    lint.links();
    lint.styles();
    lint.names();
    lint.nameless();
    lint.form();
    let mut mistakes = lint.mistakes;
    mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
    mistakes.truncate(MOST);
    mistakes
}

struct Lint<'l> {
    source: &'l Source<'l>,
    known: &'l Known<'l>,
    mistakes: Vec<Mistake>,
}

impl Lint<'_> {
    fn markup(&self) -> &Markup {
        &self.source.markup
    }

    fn tell(&mut self, severity: Severity, at: usize, element: Option<&str>, message: String) {
        let (line, column) = place(self.source.text, at);
        let element = element.map(str::to_owned);
        self.mistakes.push(Mistake { severity, line, column, element, message });
    }

    /// Values that no task can have.
    fn values(&mut self) {
        for reference in &self.source.references {
            let keys: Vec<&str> = reference.keys.iter().map(String::as_str).collect();
            match (reference.root.as_str(), keys.as_slice()) {
                ("task", ["input", name, ..]) => self.input(reference.at, "task.input.", name),
                _ if reference.root == "task" || reference.is_own => {}
                (root, _) => {
                    let hint = match suggestion(root, self.known.inputs) {
                        Some(close) => format!("; did you mean `task.input.{close}`?"),
                        None => "; what a task brings along is in `task.input`".to_owned(),
                    };
                    let message = format!("nothing is called `{root}`{hint}");
                    self.tell(Severity::Warning, reference.at, None, message);
                }
            }
        }
        if self.source.kind == Kind::Liquid && self.source.text.contains("task.input") {
            return;
        }
        for column in crate::columns::find(self.source.text) {
            if !self.source.is_in_script(column.span.start) {
                self.input(column.span.start, "", column.name);
            }
        }
    }

    /// A name that is close to an input's is a slip; any other shows nothing, as in Ground Truth.
    fn input(&mut self, at: usize, prefix: &str, name: &str) {
        if self.known.inputs.contains(&name) {
            return;
        }
        let (severity, hint) = match suggestion(name, self.known.inputs) {
            Some(close) => (Severity::Error, format!("did you mean `{prefix}{close}`?")),
            None => (Severity::Warning, "it stays empty".to_owned()),
        };
        self.tell(severity, at, None, format!("no input field is called `{name}`; {hint}"));
    }

    fn tags(&mut self) {
        let source = self.source;
        let mut open_forms = 0usize;
        for tag in &source.markup.tags {
            match (&*tag.name, tag.is_end) {
                ("crowd-form", false) => open_forms += 1,
                ("crowd-form", true) => open_forms = open_forms.saturating_sub(1),
                ("crowd-entity-annotation", false) if open_forms > 0 => {
                    let message = "stands by itself in Ground Truth, with a form of its own; here it joins the \
                                   <crowd-form> around it";
                    self.tell(Severity::Warning, tag.span.start, Some(&tag.name), message.into());
                }
                _ => {}
            }
            if !tag.is_end {
                self.unknown(tag);
                self.frame(tag);
                self.blocked(tag);
            }
        }
    }

    /// Frames of unknown origin, and plug-ins, which are not shown.
    fn frame(&mut self, tag: &Tag) {
        let message = match &*tag.name {
            _ if loader::shows_document(tag) => return,
            "frame" | "object" | "embed" => "is not shown: a task page has no plug-ins",
            "iframe" if self.known.allow.is_empty() && is_open(tag) => {
                "shows nothing, unless `[page]` names the origin of what it shows, as in \
                 `allow = [\"https://example.org\"]`"
            }
            _ => return,
        };
        self.tell(Severity::Warning, tag.span.start, Some(&tag.name), message.to_owned());
    }

    /// Links that lead nowhere; the first is enough to tell.
    fn links(&mut self) {
        let leads_away = |tag: &&Tag| {
            ["a", "area", "crowd-button"].contains(&&*tag.name)
                && tag.attribute("href").is_some_and(|link| {
                    origin_of(&link.value).is_some() || link.value.starts_with(HOLE)
                })
        };
        let source = self.source;
        if let Some(link) = source.markup.starts().find(leads_away).filter(|_| !self.known.links) {
            let message = "opens nothing: links of a task page open windows only when `[page]` says `links = true`";
            self.tell(Severity::Warning, link.span.start, Some(&link.name), message.to_owned());
        }
    }

    fn unknown(&mut self, tag: &Tag) {
        let is_ours = gives(&tag.name).is_some() || tag.name.contains(HOLE);
        if is_ours || !tag.name.starts_with("crowd-") || self.is_defined_here(&tag.name) {
            return;
        }
        let names: Vec<&str> =
            elements::names().iter().filter_map(|name| name.strip_prefix("crowd-")).collect();
        let hint = match suggestion(&tag.name["crowd-".len()..], &names) {
            Some(close) => format!("; did you mean <crowd-{close}>?"),
            None => String::new(),
        };
        // A script from elsewhere may define it.
        let severity = if self.has_other_scripts() { Severity::Warning } else { Severity::Error };
        let message = format!("there is no such element{hint}");
        self.tell(severity, tag.span.start, Some(&tag.name), message);
    }

    fn is_defined_here(&self, name: &str) -> bool {
        let quoted = ['"', '\'', '`'].map(|quote| format!("{quote}{name}{quote}"));
        let mut scripts = self.markup().scripts.iter();
        scripts.any(|script| {
            script.contains("define") && quoted.iter().any(|name| script.contains(name))
        })
    }

    fn has_other_scripts(&self) -> bool {
        let mut scripts = self.markup().starts().filter(|tag| tag.name == "script");
        scripts.any(|tag| tag.attribute("src").is_some() && !loader::loads_elements(tag))
    }

    /// Files from elsewhere that the page's policy does not let in.
    fn blocked(&mut self, tag: &Tag) {
        let attributes: &[&str] = match &*tag.name {
            "link" => &["href"],
            "script" | "img" | "audio" | "source" | "track" | "iframe" => &["src"],
            "video" => &["src", "poster"],
            "crowd-card" => &["image"],
            "crowd-button" => &["icon-url"],
            name if name.starts_with("crowd-") => &["src", "icon"],
            _ => &[],
        };
        if loader::loads_elements(tag) {
            return;
        }
        for address in attributes.iter().filter_map(|name| tag.attribute(name)) {
            self.blocked_address(&address.value, tag.span.start, &tag.name);
        }
        for (_, address) in
            tag.attribute("style").iter().flat_map(|style| addresses_in(&style.value))
        {
            self.blocked_address(address, tag.span.start, &tag.name);
        }
    }

    fn styles(&mut self) {
        let source = self.source;
        for (start, style) in &source.markup.styles {
            for (at, address) in addresses_in(style) {
                self.blocked_address(address, start + at, "style");
            }
        }
    }

    fn blocked_address(&mut self, address: &str, at: usize, element: &str) {
        let Some(origin) = origin_of(address) else { return };
        if self.known.allow.iter().any(|allowed| covers(allowed, &origin)) {
            return;
        }
        let message = format!(
            "{origin} is blocked: a task page loads nothing from elsewhere, unless `[page]` says \
             `allow = [\"{origin}\"]`"
        );
        self.tell(Severity::Warning, at, Some(element), message);
    }

    /// Answers that share a name.
    fn names(&mut self) {
        let source = self.source;
        let mut earlier: Vec<(&str, &Tag)> = Vec::new();
        for tag in source.markup.starts() {
            let is_answer = gives(&tag.name).is_some_and(|gives| gives != elements::Gives::Nothing)
                || fields::is_control(tag);
            let ticks = tag.fixed("type").is_some_and(|kind| ["radio", "checkbox"].contains(&kind));
            if !is_answer || ticks || elements::shares_names(&tag.name) {
                continue;
            }
            // By custom `_` is a name for what nobody wants to keep.
            let name = tag.fixed("name").filter(|name| !["", "_"].contains(name));
            let Some(name) = name else { continue };
            let twice = earlier.iter().any(|(other, at)| *other == name && tag.goes_with(at));
            if twice {
                let message =
                    format!("the name `{name}` stands there twice: its answers become one list");
                self.tell(Severity::Warning, tag.span.start, Some(&tag.name), message);
            }
            earlier.push((name, tag));
        }
    }

    /// Answers that nothing keeps. Buttons that nobody can press are pictures of buttons.
    fn nameless(&mut self) {
        let source = self.source;
        let is_named = |tag: &Tag| tag.attribute("name").is_some_and(|name| !name.value.is_empty());
        let mut in_group = false;
        for tag in &source.markup.tags {
            if tag.name == "crowd-radio-group" {
                in_group = !tag.is_end && is_named(tag);
            }
            let answers = gives(&tag.name).is_some_and(|gives| gives != elements::Gives::Nothing);
            let goes_by_group = in_group && tag.name == "crowd-radio-button";
            let is_kept = is_named(tag) || goes_by_group || elements::own_key(&tag.name).is_some();
            if !tag.is_end && answers && !is_kept && !tag.is_on("disabled") {
                let message = "has no name: its answer is not kept".to_owned();
                self.tell(Severity::Warning, tag.span.start, Some(&tag.name), message);
            }
        }
    }

    fn form(&mut self) {
        // Questions without a form get one.
        let asks = |tag: &Tag| {
            loader::FORMS.contains(&&*tag.name)
                || fields::is_control(tag)
                || fields::is_submit_button(tag)
                || gives(&tag.name).is_some_and(|gives| gives != elements::Gives::Nothing)
        };
        if self.markup().starts().any(asks) {
            return;
        }
        // A script may make one.
        let has_script =
            self.markup().starts().any(|tag| tag.name == "script" && !loader::loads_elements(tag));
        let severity = if has_script { Severity::Warning } else { Severity::Error };
        let message =
            "there is no <crowd-form>, no <form> and no question: nothing can be submitted";
        self.tell(severity, 0, None, message.into());
    }
}

/// Whether only the page of a task tells what this frame shows.
fn is_open(frame: &Tag) -> bool {
    frame.attribute("src").is_some_and(|src| src.is_dynamic && origin_of(&src.value).is_none())
}

/// `https://example.org` of an address at another host, if the template names the host.
pub(crate) fn origin_of(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = match address.strip_prefix("//") {
        Some(rest) => ("https", rest),
        None => address.split_once("://")?,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = scheme.to_ascii_lowercase();
    let is_host =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
    (["http", "https"].contains(&scheme.as_str()) && is_host)
        .then(|| format!("{scheme}://{}", host.to_ascii_lowercase()))
}

/// What a style sheet loads, in `url(…)` or after `@import`, with places.
fn addresses_in(style: &str) -> impl Iterator<Item = (usize, &str)> {
    let address = |(at, _): (usize, &str)| {
        let rest = style[at..].trim_start_matches(|c: char| c.is_whitespace() || "'\"".contains(c));
        let end = rest.find(|c: char| c.is_whitespace() || "'\"()".contains(c));
        (at, &rest[..end.unwrap_or(rest.len())])
    };
    ["url(", "@import"].into_iter().flat_map(move |word| {
        style.match_indices(word).map(|(at, word)| (at + word.len(), word)).map(address)
    })
}

/// Whether an allowed origin, perhaps `https://*.example.org`, covers this one.
fn covers(allowed: &str, origin: &str) -> bool {
    match allowed.split_once("*.") {
        Some((scheme, domain)) => {
            origin.strip_prefix(scheme).is_some_and(|host| host.ends_with(&format!(".{domain}")))
        }
        None => allowed == origin,
    }
}
