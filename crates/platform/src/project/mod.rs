//! Projects: a question, revisioned.
//!
//! Putting a question that differs from the newest revision makes a new revision; a revision never changes, and every
//! assignment and judgment remembers the one it was made under.

mod generated;
mod input;
pub mod keys;
mod output;
mod page;
mod question;
mod revisions;
mod sql;

use serde::Serialize;

pub use input::{InputField, InputType, is_web_address};
pub use output::{
    Choice, Comparison, Consent, FoundField, Json, Labels, Likert, Location, Marks, Media,
    MediaKind, MediaSource, Node, OutputField, OutputType, Place, Ranking, Relations, Segments,
    Statement, Taxonomy, Upload, infer,
};
pub use page::{PageSettings, ShownPage};
pub use question::Question;
pub use revisions::{Pinned, Revisions};
pub(crate) use sql::pinned;
pub use sql::{Revision, revisions};

use crate::access::Identity;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Project {
    pub id: Id,
    pub name: String,
    /// The newest revision's number.
    pub revision: i64,
    #[serde(skip)]
    pub revision_id: Id,
    pub created_at: Time,
    #[serde(flatten)]
    pub question: Question,
}

/// What putting a question did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    Created,
    Revised,
    Unchanged,
}

const LONGEST_NAME: usize = 63;

/// Creates the project, or adds a revision if the question differs from its newest one.
pub async fn put(
    db: &Database,
    by: &Identity,
    name: &str,
    question: Question,
) -> Result<(Project, Put)> {
    check_name("name", name)?;
    let (workspace, name) = (by.workspace, name.to_owned());
    db.write(move |tx| {
        let (name, question) = (name.clone(), question.clone());
        Box::pin(async move {
            let put = match sql::lock_project(tx, workspace, &name).await? {
                None => {
                    sql::insert_project(tx, workspace, &name, &question).await?;
                    Put::Created
                }
                Some(project) => {
                    let latest = sql::pinned(tx, project.revision_id).await?;
                    if latest.question == question {
                        Put::Unchanged
                    } else {
                        sql::add_revision(tx, project.id, &question).await?;
                        Put::Revised
                    }
                }
            };
            let project = sql::project(tx, workspace, &name).await?;
            project
                .map(|project| (project, put))
                .ok_or_else(|| Error::Internal("the project just put is gone".into()))
        })
    })
    .await
}

pub async fn get(db: &Database, workspace: Id, name: &str) -> Result<Project> {
    let project = sql::project(&mut db.read().await?, workspace, name).await?;
    project.ok_or_else(|| Error::NotFound(format!("the project `{name}`")))
}

pub async fn list(
    db: &Database,
    workspace: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Project>> {
    sql::projects(&mut db.read().await?, workspace, after.unwrap_or(Id(0)), limit).await
}

/// A name of a project or batch: it stands in addresses and on command lines.
pub fn check_name(field: &str, name: &str) -> Result<()> {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(plain) {
        let message = format!(
            "`{name}` must have 1 to {LONGEST_NAME} lower-case letters, digits, `-` and `_`"
        );
        return Err(Error::invalid(field, message));
    }
    Ok(())
}

/// The instructions as HTML that carries no markup of the requester: raw HTML is shown as text, and only http(s),
/// mailto and relative links are kept.
pub fn instructions_html(markdown: &str) -> String {
    use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
    let safe = |address: &CowStr| {
        let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        scheme.is_none_or(|scheme| {
            ["http", "https", "mailto"].contains(&scheme.as_str()) || scheme.contains('/')
        })
    };
    let link =
        |address: CowStr<'static>| if safe(&address) { address } else { CowStr::Borrowed("#") };
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .map(|event| match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => Event::Start(Tag::Link {
                link_type,
                dest_url: link(dest_url.into_static()),
                title,
                id,
            }),
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                Event::Start(Tag::Image {
                    link_type,
                    dest_url: link(dest_url.into_static()),
                    title,
                    id,
                })
            }
            other => other,
        });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_carry_no_script() {
        let page = instructions_html(
            "# Hello\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) [y](https://example.org) ![z](data:text/html,x)\n\n\
             a <img src=x onerror=alert(1)> b [t](JaVaScRiPt:alert(1)) [r](examples/a.png)",
        );
        assert!(
            page.contains("<h1>Hello</h1>")
                && page.contains("https://example.org")
                && page.contains("examples/a.png")
        );
        let harmful = ["<script", "<img src=x", "href=\"java", "href=\"JaVa", "src=\"data:"];
        assert!(harmful.iter().all(|text| !page.contains(text)), "{page}");
    }
}
