//! Opening accounts and sessions.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{AccountRefusal, Agency, Permission, Role, Session, Staff, store};
use crate::audit::{Act, Actor};
use crate::db::{Conn, Db, Tx, is_taken};
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::secrets;
use crate::time;

/// After this many wrong passwords in a row an account rests.
const FAILURES_BEFORE_REST: i64 = 5;
const REST: SignedDuration = SignedDuration::from_mins(10);
const SESSION: SignedDuration = SignedDuration::from_hours(12);
const SHORTEST_PASSWORD: usize = 10;

pub struct NewUser {
    pub username: String,
    pub name: String,
    pub title: String,
    pub agency_id: String,
    pub password: String,
    /// Roles, each at an agency.
    pub grants: Vec<(String, Role)>,
}

/// Adds an agency. Its id is made here; the one given is not used.
pub async fn add_agency(tx: &mut Tx, mut agency: Agency) -> Result<Agency, AccountRefusal> {
    agency.id = tx.new_id();
    match store::insert_agency(tx.conn(), &agency).await {
        Err(e) if is_taken(&e) => return refuse(AccountRefusal::AgencyCodeTaken(agency.code)),
        other => other?,
    }
    tx.record(Act::new(
        "accounts",
        "agency_added",
        &agency.id,
        &agency.id,
        json!({"code": agency.code, "name": agency.name}),
    ));
    Ok(agency)
}

/// Opens an account.
///
/// # Errors
/// All reasons at once: a name that cannot be used, a password that is too short, a name that is taken.
pub async fn add_user(tx: &mut Tx, new: NewUser) -> Result<String, AccountRefusal> {
    let mut reasons = Vec::new();
    let username_fits = (2..=40).contains(&new.username.len())
        && new.username.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-'));
    if !username_fits {
        reasons.push(AccountRefusal::UsernameInvalid);
    }
    if new.name.trim().is_empty() {
        reasons.push(AccountRefusal::NameMissing);
    }
    if new.password.chars().count() < SHORTEST_PASSWORD {
        reasons.push(AccountRefusal::PasswordTooShort);
    }
    if new.grants.is_empty() {
        reasons.push(AccountRefusal::RoleMissing);
    }
    unless_refused(reasons)?;

    let id = tx.new_id();
    let password_hash = hash_password(new.password.clone()).await?;
    let now = tx.now_text();
    match store::insert_user(tx.conn(), &id, &new, &password_hash, &now).await {
        Err(e) if is_taken(&e) => return refuse(AccountRefusal::UsernameTaken(new.username)),
        other => other?,
    }
    for (agency_id, role) in &new.grants {
        store::insert_grant(tx.conn(), &id, agency_id, role.code()).await?;
    }
    let roles: Vec<_> =
        new.grants.iter().map(|(at, role)| json!({"agency": at, "role": role.code()})).collect();
    tx.record(Act::new(
        "accounts",
        "user_added",
        &new.agency_id,
        &id,
        json!({"username": new.username, "roles": roles}),
    ));
    Ok(id)
}

/// Whether this person keeps the accounts of the agency: at the agency itself or at the one above it.
pub fn keeps_accounts_of(staff: &Staff, agency: &Agency) -> bool {
    let above = agency.parent_id.as_deref();
    [Some(agency.id.as_str()), above]
        .into_iter()
        .flatten()
        .any(|at| staff.may(Permission::ManageAccounts, at))
}

/// Opens an account as an administrator; every role is held at an agency the administrator keeps.
pub async fn open_account(tx: &mut Tx, staff: &Staff, new: NewUser) -> Result<String, AccountRefusal> {
    let agencies = store::agencies(tx.conn()).await?;
    let kept = |id: &str| agencies.iter().any(|a| a.id == id && keeps_accounts_of(staff, a));
    if !kept(&new.agency_id) || !new.grants.iter().all(|(at, _)| kept(at)) {
        return refuse(AccountRefusal::Forbidden);
    }
    add_user(tx, new).await
}

/// Gives a person a new password as an administrator.
pub async fn reset_password(
    tx: &mut Tx,
    staff: &Staff,
    username: &str,
    password: String,
) -> Result<(), AccountRefusal> {
    kept_account(tx, staff, username).await?;
    set_password(tx, username, password).await
}

/// Stops or restores an account as an administrator; no one stops their own.
pub async fn set_account_active(
    tx: &mut Tx,
    staff: &Staff,
    username: &str,
    is_active: bool,
) -> Result<(), AccountRefusal> {
    kept_account(tx, staff, username).await?;
    if username == staff.username {
        return refuse(AccountRefusal::OwnAccount);
    }
    set_active(tx, username, is_active).await
}

async fn kept_account(tx: &mut Tx, staff: &Staff, username: &str) -> Result<(), AccountRefusal> {
    let Some(user) = store::login_row(tx.conn(), username).await? else {
        return refuse(AccountRefusal::NoSuchUser(username.into()));
    };
    let agency = store::agency(tx.conn(), &user.agency_id).await?;
    match agency.filter(|agency| keeps_accounts_of(staff, agency)) {
        Some(_) => Ok(()),
        None => refuse(AccountRefusal::Forbidden),
    }
}

/// Gives a new password; open sessions end.
pub async fn set_password(tx: &mut Tx, username: &str, password: String) -> Result<(), AccountRefusal> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return refuse(AccountRefusal::PasswordTooShort);
    }
    let Some(user) = store::login_row(tx.conn(), username).await? else {
        return refuse(AccountRefusal::NoSuchUser(username.into()));
    };
    let hash = hash_password(password).await?;
    store::update_password(tx.conn(), &user.id, &hash).await?;
    store::delete_sessions_of(tx.conn(), &user.id).await?;
    tx.record(Act::new("accounts", "password_set", &user.agency_id, &user.id, json!({"username": username})));
    Ok(())
}

/// Stops or restores an account; open sessions end.
pub async fn set_active(tx: &mut Tx, username: &str, is_active: bool) -> Result<(), AccountRefusal> {
    let Some(user) = store::login_row(tx.conn(), username).await? else {
        return refuse(AccountRefusal::NoSuchUser(username.into()));
    };
    store::update_active(tx.conn(), &user.id, is_active).await?;
    store::delete_sessions_of(tx.conn(), &user.id).await?;
    let act = if is_active { "user_restored" } else { "user_stopped" };
    tx.record(Act::new("accounts", act, &user.agency_id, &user.id, json!({"username": username})));
    Ok(())
}

/// Opens a session for a name and a password.
pub async fn log_in(
    db: &Db,
    username: &str,
    password: String,
    now: Timestamp,
) -> Result<Session, AccountRefusal> {
    let user = store::login_row(&mut *db.read().await?, username).await?;
    // A name that does not exist costs as much time as one that does.
    let stored = user.as_ref().map_or_else(nobodys_hash, |u| u.password_hash.clone());
    let is_right = verify_password(password, stored).await?;
    let Some(user) = user.filter(|u| u.is_active == 1) else {
        return refuse(AccountRefusal::WrongNameOrPassword);
    };
    if let Some(until) =
        user.locked_until.as_deref().and_then(|at| at.parse::<Timestamp>().ok()).filter(|at| *at > now)
    {
        return refuse(AccountRefusal::Locked { minutes: until.duration_since(now).as_mins() + 1 });
    }

    let actor =
        Actor::Staff { user_id: user.id.clone(), name: user.name.clone(), agency_id: user.agency_id.clone() };
    let mut tx = db.begin(&actor, now).await?;
    if !is_right {
        let failures = user.failed_logins + 1;
        let rest = failures >= FAILURES_BEFORE_REST;
        let locked_until = rest.then(|| time::stored(now + REST));
        store::update_failures(tx.conn(), &user.id, if rest { 0 } else { failures }, locked_until.as_deref())
            .await?;
        tx.record(Act::new("accounts", "login_failed", &user.agency_id, &user.id, json!({})));
        tx.commit().await?;
        return refuse(AccountRefusal::WrongNameOrPassword);
    }
    let session = Session { token: secrets::session_token(), expires_at: now + SESSION };
    store::update_failures(tx.conn(), &user.id, 0, None).await?;
    store::delete_expired_sessions(tx.conn(), &time::stored(now)).await?;
    let (hash, from, until) =
        (secrets::digest(&session.token), time::stored(now), time::stored(session.expires_at));
    store::insert_session(tx.conn(), &hash, &user.id, &from, &until).await?;
    tx.record(Act::new("accounts", "logged_in", &user.agency_id, &user.id, json!({})));
    tx.commit().await?;
    Ok(session)
}

/// Sets where reminders for this person go; `None` means to the agency's own mailbox.
pub async fn set_email(tx: &mut Tx, username: &str, email: Option<&str>) -> Result<(), AccountRefusal> {
    let email = email.map(str::trim).filter(|e| !e.is_empty());
    if email.is_some_and(|e| e.parse::<lettre::Address>().is_err()) {
        return refuse(AccountRefusal::EmailInvalid);
    }
    let Some(user) = store::login_row(tx.conn(), username).await? else {
        return refuse(AccountRefusal::NoSuchUser(username.into()));
    };
    store::update_email(tx.conn(), &user.id, email).await?;
    tx.record(Act::new("accounts", "email_set", &user.agency_id, &user.id, json!({"username": username})));
    Ok(())
}

/// The person behind a session token, when it is still valid.
pub async fn staff_of_session(conn: &mut Conn, token: &str, now: Timestamp) -> anyhow::Result<Option<Staff>> {
    let Some(user_id) = store::user_of_session(conn, &secrets::digest(token), &time::stored(now)).await?
    else {
        return Ok(None);
    };
    store::staff(conn, &user_id).await
}

/// Ends a session.
pub async fn log_out(tx: &mut Tx, staff: &Staff, token: &str) -> Result<(), AccountRefusal> {
    store::delete_session(tx.conn(), &secrets::digest(token)).await?;
    tx.record(Act::new("accounts", "logged_out", &staff.agency.id, &staff.user_id, json!({})));
    Ok(())
}

/// Argon2id takes tens of milliseconds on purpose, so it runs beside the async threads.
async fn hash_password(password: String) -> std::result::Result<String, Failure<AccountRefusal>> {
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    });
    let hash = hashed.await.map_err(anyhow::Error::from)?;
    Ok(hash.map_err(|e| anyhow::anyhow!("argon2: {e}"))?)
}

async fn verify_password(password: String, stored: String) -> anyhow::Result<bool> {
    let verified = tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&stored).map_err(|e| anyhow::anyhow!("stored password hash: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    verified.await?
}

/// A hash that no password gives, with the default cost.
fn nobodys_hash() -> String {
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into()
}
