//! Links to media: `/media/PROJECT/PATH?expires=SECONDS&signature=HEX`, where the signature is the HMAC-SHA256 of
//! project, path and expiry under a key that only the servers of this installation know.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::Sha256;

use super::sql;
use crate::access::Secret;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::hex::hex;
use crate::id::Id;
use crate::project::{Pinned, is_web_address};
use crate::time::{DAY, SECOND, Time};

/// Links expire at the end of the day after next, so that they stay the same for a day and can be cached.
const DAYS: i64 = 2;

/// Signs and checks links. Cheap to clone.
#[derive(Clone)]
pub struct Links {
    key: std::sync::Arc<str>,
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Links(..)")
    }
}

impl Links {
    /// Reads the installation's key, made at its first start.
    pub async fn open(db: &Database) -> Result<Self> {
        let key = db
            .write(|tx| {
                Box::pin(async move { sql::signing_key(tx, Secret::new("").reveal()).await })
            })
            .await?;
        Ok(Self { key: key.into() })
    }

    /// The link to a file of a project.
    pub fn link(&self, project: Id, path: &str, now: Time) -> String {
        let expires = (now.micros() / DAY + DAYS) * (DAY / SECOND);
        let signature = self.signature(project, path, expires);
        format!("/media/{project}/{}?expires={expires}&signature={signature}", address_of(path))
    }

    /// The link to what a worker uploaded.
    pub fn upload(&self, upload: Id, now: Time) -> String {
        let expires = (now.micros() / DAY + DAYS) * (DAY / SECOND);
        let signature = self.signature(upload, "", expires);
        format!("/media/{upload}?expires={expires}&signature={signature}")
    }

    /// What a template opens with `grant_read_access`: a web address or a link stays, `s3://BUCKET/PATH` and `PATH` are
    /// files of the project.
    pub fn grant(&self, project: Id, file: &str, now: Time) -> String {
        own_path(file).map_or_else(|| file.to_owned(), |path| self.link(project, path, now))
    }

    /// The link to the page of a task in an assignment, until its deadline.
    pub fn page_link(&self, assignment: Id, task: Id, deadline: Time) -> String {
        let expires = deadline.micros() / SECOND;
        let code = self.page_mac(assignment, task, expires).finalize().into_bytes();
        format!("/page/{assignment}/{task}?expires={expires}&signature={}", hex(&code))
    }

    /// Refuses a page's link that was not made here or has expired.
    pub fn check_page(
        &self,
        assignment: Id,
        task: Id,
        expires: i64,
        signature: &str,
        now: Time,
    ) -> Result<()> {
        let mac = self.page_mac(assignment, task, expires);
        verify(mac, signature, expires, now)
    }

    /// Refuses a link that was not made here or has expired.
    pub fn check(
        &self,
        project: Id,
        path: &str,
        expires: i64,
        signature: &str,
        now: Time,
    ) -> Result<()> {
        verify(self.mac(project, path, expires), signature, expires, now)
    }

    /// A task's input with links in place of the paths of media.
    pub fn put_into(
        &self,
        input: Box<RawValue>,
        pinned: &Pinned,
        now: Time,
    ) -> Result<Box<RawValue>> {
        let media: Vec<&str> = pinned
            .question
            .input
            .iter()
            .filter(|(_, field)| field.is_media())
            .map(|(name, _)| name.as_str())
            .collect();
        if media.is_empty() {
            return Ok(input);
        }
        let stored = |error| Error::Internal(format!("a stored input: {error}"));
        let mut fields: Map<String, Value> = serde_json::from_str(input.get()).map_err(stored)?;
        for name in media {
            if let Some(Value::String(path)) = fields.get_mut(name)
                && !is_web_address(path)
            {
                *path = self.link(pinned.project, path, now);
            }
        }
        serde_json::value::to_raw_value(&fields).map_err(stored)
    }

    fn mac(&self, project: Id, path: &str, expires: i64) -> Hmac<Sha256> {
        self.mac_of(&format!("{project}\n{expires}\n{path}"))
    }

    /// No project is called `page`, so no link to a file opens a page.
    fn page_mac(&self, assignment: Id, task: Id, expires: i64) -> Hmac<Sha256> {
        self.mac_of(&format!("page\n{expires}\n{assignment}\n{task}"))
    }

    fn mac_of(&self, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        mac
    }

    fn signature(&self, project: Id, path: &str, expires: i64) -> String {
        let code = self.mac(project, path, expires).finalize().into_bytes();
        hex(&code)
    }
}

fn verify(mac: Hmac<Sha256>, signature: &str, expires: i64, now: Time) -> Result<()> {
    let right = mac.verify_slice(&from_hex(signature)).is_ok();
    if right && now.micros() / SECOND < expires {
        return Ok(());
    }
    Err(Error::Forbidden("this link is wrong or has expired".into()))
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    digits
        .unwrap_or_default()
        .chunks(2)
        .filter_map(|pair| <[u32; 2]>::try_from(pair).ok())
        .map(|[high, low]| (high << 4 | low) as u8)
        .collect()
}

/// The path of a project's file that a template names; `None` for an address.
pub fn own_path(file: &str) -> Option<&str> {
    if is_web_address(file) || file.starts_with('/') {
        return None;
    }
    let in_bucket = file.strip_prefix("s3://").and_then(|file| file.split_once('/'));
    Some(in_bucket.map_or(file, |(_, path)| path))
}

/// A path as it stands in an address.
pub fn address_of(path: &str) -> String {
    path.split('/').map(percent_encoded).collect::<Vec<_>>().join("/")
}

/// One segment of a path as it stands in an address (RFC 3986).
fn percent_encoded(segment: &str) -> String {
    segment.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_its_file_until_it_expires() {
        let links = Links { key: "key".into() };
        let now = Time::from_micros(20_000 * DAY + 5);
        let link = links.link(Id(7), "a b/c.png", now);
        let (address, query) = link.split_once('?').expect("a query");
        assert_eq!(address, "/media/0000000000007/a%20b/c.png");
        let (expires, signature) = query.split_once('&').expect("two parts");
        let expires: i64 = expires.trim_start_matches("expires=").parse().expect("a number");
        let signature = signature.trim_start_matches("signature=");
        assert!(links.check(Id(7), "a b/c.png", expires, signature, now).is_ok());
        assert!(links.check(Id(7), "a b/c.png", expires, signature, now.plus(2 * DAY)).is_err());
        assert!(links.check(Id(7), "a b/d.png", expires, signature, now).is_err());
        assert!(links.check(Id(8), "a b/c.png", expires, signature, now).is_err());
        assert!(links.check(Id(7), "a b/c.png", expires + 1, signature, now).is_err());
        assert!(links.check(Id(7), "a b/c.png", expires, "", now).is_err());
    }

    #[test]
    fn a_page_opens_until_the_deadline_and_no_other_does() {
        let links = Links { key: "key".into() };
        let now = Time::from_micros(20_000 * DAY);
        let link = links.page_link(Id(7), Id(8), now.plus(60 * SECOND));
        let (_, signature) = link.rsplit_once('=').expect("a signature");
        let expires = now.micros() / SECOND + 60;
        assert!(link.starts_with("/page/0000000000007/0000000000008?"));
        assert!(links.check_page(Id(7), Id(8), expires, signature, now).is_ok());
        assert!(links.check_page(Id(7), Id(8), expires, signature, now.plus(60 * SECOND)).is_err());
        assert!(links.check_page(Id(7), Id(9), expires, signature, now).is_err());
        assert!(links.check_page(Id(6), Id(8), expires, signature, now).is_err());
        assert!(links.check_page(Id(7), Id(8), expires + 1, signature, now).is_err());
    }

    #[test]
    fn templates_open_files_of_the_project_and_web_addresses() {
        let links = Links { key: "key".into() };
        let open = |file: &str| links.grant(Id(7), file, Time::from_micros(0));
        assert!(open("s3://bucket/a/b.png").starts_with("/media/0000000000007/a/b.png?expires="));
        assert!(open("b.png").starts_with("/media/0000000000007/b.png?"));
        assert_eq!(open("https://example.org/x"), "https://example.org/x");
        assert_eq!(open("/media/x?y"), "/media/x?y");
    }
}
