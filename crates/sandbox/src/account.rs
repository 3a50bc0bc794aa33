//! The people who exist in the sandbox. There is no way to make more: it is a stand-in, not a service.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::SandboxError;

/// Signs in everywhere.
pub const DEMO_EMAIL: &str = "demo@brainmaps.test";
/// Signs in too, but has not paid: Basic Memory answers 403 `subscription_required`, BrainPercent 402. At Basira its
/// address is not verified.
pub const UNPAID_EMAIL: &str = "unpaid@brainmaps.test";
/// Signs in too; at NeuroIO what he gets are manager tokens.
pub const MANAGER_EMAIL: &str = "manager@brainmaps.test";
/// The password of all of them.
pub const DEMO_PASSWORD: &str = "demo";

/// The row of [`DEMO_EMAIL`].
pub(super) const DEMO_ID: i64 = 1;
/// The row of [`MANAGER_EMAIL`].
pub(super) const MANAGER_ID: i64 = 3;

pub(super) const SCHEMA: &str = "
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        email TEXT NOT NULL UNIQUE,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        password BLOB NOT NULL,
        subscribed INTEGER NOT NULL
    ) STRICT;";

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) id: i64,
    /// The name that OAuth calls `sub`: never reused, says nothing.
    pub(super) subject: String,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    /// Whether it paid, and whether its address was verified: a sandbox needs no account with one and not the other.
    pub(super) subscribed: bool,
}

impl Account {
    /// Whose `email` and `password` these are, if anybody's.
    pub(super) fn sign_in(
        connection: &Connection,
        email: &str,
        password: &str,
    ) -> Result<Option<Self>, SandboxError> {
        let email = email.trim().to_lowercase();
        let sql = "SELECT id, subject, email, first_name, last_name, subscribed, password FROM accounts WHERE email = ?1";
        let with_password = |row: &Row<'_>| Ok((Self::of(row)?, row.get::<_, [u8; 32]>(6)?));
        let found = connection
            .query_row(sql, [&email], with_password)
            .optional()?;
        let offered = password_hash(&email, password);
        let fits = |stored: &[u8; 32]| bool::from(stored.ct_eq(&offered));
        Ok(found
            .filter(|(_, stored)| fits(stored))
            .map(|(account, _)| account))
    }

    /// The account with this id.
    pub(super) fn by_id(connection: &Connection, id: i64) -> Result<Option<Self>, SandboxError> {
        let sql = "SELECT id, subject, email, first_name, last_name, subscribed FROM accounts WHERE id = ?1";
        Ok(connection.query_row(sql, [id], Self::of).optional()?)
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            subject: row.get(1)?,
            email: row.get(2)?,
            first_name: row.get(3)?,
            last_name: row.get(4)?,
            subscribed: row.get(5)?,
        })
    }
}

/// Salted with the address and slowed down a little. The passwords are public, so this protects nobody; it is here
/// because a service that keeps passwords in the clear would be a bad example.
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

/// Makes the accounts.
pub(super) fn seed(connection: &Connection) -> Result<(), SandboxError> {
    let people = [
        (
            DEMO_ID,
            "user_01SANDBOXDEMO",
            DEMO_EMAIL,
            "Demo",
            "Person",
            true,
        ),
        (
            2,
            "user_01SANDBOXUNPAID",
            UNPAID_EMAIL,
            "Unpaid",
            "Person",
            false,
        ),
        (
            MANAGER_ID,
            "user_01SANDBOXMANAGER",
            MANAGER_EMAIL,
            "Manager",
            "Person",
            true,
        ),
    ];
    for (id, subject, email, first_name, last_name, subscribed) in people {
        let password = password_hash(email, DEMO_PASSWORD);
        connection.execute(
            "INSERT INTO accounts (id, subject, email, first_name, last_name, password, subscribed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id, subject, email, first_name, last_name, password, subscribed
            ],
        )?;
    }
    Ok(())
}
