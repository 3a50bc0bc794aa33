//! The fixed demo accounts. More cannot be created.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::base::SandboxError;

/// A regular account.
pub const DEMO_EMAIL: &str = "demo@brainmaps.test";
/// An account without a subscription: Basic Memory responds with 403 `subscription_required`, BrainPercent with 402. At Basira
/// its e-mail address is not verified.
pub const UNPAID_EMAIL: &str = "unpaid@brainmaps.test";
/// An account that gets manager tokens at NeuroIO.
pub const MANAGER_EMAIL: &str = "manager@brainmaps.test";
/// The password of every account.
pub const DEMO_PASSWORD: &str = "demo";

pub(crate) const DEMO_ID: i64 = 1;
pub(crate) const MANAGER_ID: i64 = 3;

pub(crate) const SCHEMA: &str = "
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        email TEXT NOT NULL UNIQUE,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        password BLOB NOT NULL,
        subscribed INTEGER NOT NULL
    ) STRICT;";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: i64,
    /// The OAuth `sub`: stable and opaque.
    pub(crate) subject: String,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) is_subscribed: bool,
}

impl Account {
    /// Returns the account if the password is correct.
    pub(crate) fn authenticate(
        connection: &Connection,
        email: &str,
        password: &str,
    ) -> Result<Option<Self>, SandboxError> {
        let email = email.trim().to_lowercase();
        let sql = "SELECT id, subject, email, first_name, last_name, subscribed, password FROM accounts WHERE email = ?1";
        let with_password = |row: &Row<'_>| Ok((Self::from_row(row)?, row.get::<_, [u8; 32]>(6)?));
        let account = connection
            .query_row(sql, [&email], with_password)
            .optional()?;
        let candidate = password_hash(&email, password);
        let matches = |stored: &[u8; 32]| bool::from(stored.ct_eq(&candidate));
        Ok(account
            .filter(|(_, stored)| matches(stored))
            .map(|(account, _)| account))
    }

    pub(crate) fn by_id(connection: &Connection, id: i64) -> Result<Option<Self>, SandboxError> {
        let sql = "SELECT id, subject, email, first_name, last_name, subscribed FROM accounts WHERE id = ?1";
        Ok(connection.query_row(sql, [id], Self::from_row).optional()?)
    }

    /// True for a subscribed account: no test needs one without the other.
    pub(crate) fn has_verified_email(&self) -> bool {
        self.is_subscribed
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            subject: row.get(1)?,
            email: row.get(2)?,
            first_name: row.get(3)?,
            last_name: row.get(4)?,
            is_subscribed: row.get(5)?,
        })
    }
}

/// Returns a hash that is salted with the address and iterated. The passwords are public, so this protects nothing; it avoids
/// setting a bad example.
fn password_hash(email: &str, password: &str) -> [u8; 32] {
    let mut digest = [0u8; 32];
    for _ in 0..1000 {
        let round = Sha256::new()
            .chain_update(digest)
            .chain_update(email)
            .chain_update([0])
            .chain_update(password);
        digest = round.finalize().into();
    }
    digest
}

type Person = (i64, &'static str, &'static str, &'static str, bool);

const PEOPLE: [Person; 3] = [
    (DEMO_ID, "user_01SANDBOXDEMO", DEMO_EMAIL, "Demo", true),
    (2, "user_01SANDBOXUNPAID", UNPAID_EMAIL, "Unpaid", false),
    (
        MANAGER_ID,
        "user_01SANDBOXMANAGER",
        MANAGER_EMAIL,
        "Manager",
        true,
    ),
];

/// Computed once per process: every sandbox in memory inserts the same accounts.
static PASSWORD_HASHES: LazyLock<[[u8; 32]; 3]> =
    LazyLock::new(|| PEOPLE.map(|(_, _, email, ..)| password_hash(email, DEMO_PASSWORD)));

pub(crate) fn seed(connection: &Connection) -> Result<(), SandboxError> {
    for ((id, subject, email, first_name, is_subscribed), password) in
        PEOPLE.into_iter().zip(*PASSWORD_HASHES)
    {
        connection.execute(
            "INSERT INTO accounts (id, subject, email, first_name, last_name, password, subscribed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id,
                subject,
                email,
                first_name,
                "Person",
                password,
                is_subscribed
            ],
        )?;
    }
    Ok(())
}
