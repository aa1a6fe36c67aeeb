//! `crowdsmith admin` and `crowdsmith migrate`: on the database itself, from the machine it runs on.

use std::io::Read as _;

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::access::{self, NewToken, Newcomer, Scope};
use crowdsmith_platform::{Database, id};

use crate::args::{Admin, Storage};

/// The node of ids made here while a server (node 0) may run on the same embedded database.
const ADMIN_NODE: u8 = 1;
const TOKEN_DAYS: i64 = 365;

async fn open(storage: &Storage) -> Result<Database> {
    id::set_node(ADMIN_NODE);
    Ok(Database::open(&storage.data, storage.database.as_deref()).await?)
}

pub(crate) async fn migrate(storage: Storage) -> Result<()> {
    let db = open(&storage).await?;
    db.close().await;
    println!("the database is up to date (schema {})", crowdsmith_platform::db::LATEST_MIGRATION);
    Ok(())
}

pub(crate) async fn run(command: Admin) -> Result<()> {
    match command {
        Admin::SetupLink { storage, public_url } => {
            let db = open(&storage).await?;
            let Some(secret) = access::new_setup_secret(&db).await? else {
                bail!("this installation has an owner already; sign in at {public_url}");
            };
            println!("{}/setup#{}", public_url.trim_end_matches('/'), secret.reveal());
            db.close().await;
        }
        Admin::CreateOwner { storage, email, name, workspace, password_stdin: _ } => {
            let mut password = String::new();
            std::io::stdin()
                .read_to_string(&mut password)
                .context("the password on standard input")?;
            let password = password.trim_end_matches(['\r', '\n']).to_owned();
            let db = open(&storage).await?;
            let token = create_owner(&db, &workspace, Newcomer { email, name, password }).await?;
            println!("{token}");
            db.close().await;
        }
    }
    Ok(())
}

/// Makes workspace and owner; answers an API token with all rights.
pub(crate) async fn create_owner(
    db: &Database,
    workspace: &str,
    owner: Newcomer,
) -> Result<String> {
    let Some(link) = access::new_setup_secret(db).await? else {
        bail!("this installation has an owner already");
    };
    let member = access::set_up(db, link.reveal(), workspace, owner).await?;
    let (session, identity) = access::start_session(db, member).await?;
    let new = NewToken {
        name: "first token".into(),
        scopes: Scope::ALL.to_vec(),
        expires_in_days: TOKEN_DAYS,
    };
    let (token, _) = access::create_token(db, &identity, new).await?;
    access::end_session(db, session.reveal()).await?;
    Ok(token.reveal().to_owned())
}
