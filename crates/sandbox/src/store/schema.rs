//! Creates the tables, checks their version, and deletes expired rows.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{Millis, SandboxError};
use crate::services::SERVICES;
use crate::{account, attempt_limit, oauth, page};

/// Incremented whenever a table changes. An older state is discarded: it holds invented data only.
const VERSION: i64 = 2;

/// `BMsb` in ASCII. Distinguishes a sandbox state from another program's database.
pub(super) const APPLICATION_ID: i64 = 0x424d_7362;

/// Creates the tables if they are missing or older than [`VERSION`].
pub(super) fn ensure(connection: &mut Connection) -> Result<(), SandboxError> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have created them meanwhile.
    let found = version(&transaction)?;
    if found > VERSION {
        return Err(SandboxError::Newer);
    }
    if found < VERSION {
        create(&transaction)?;
    }
    Ok(transaction.commit()?)
}

pub(super) fn recreate(connection: &mut Connection) -> Result<(), SandboxError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    create(&transaction)?;
    transaction.commit()?;
    Ok(connection.execute_batch("VACUUM")?)
}

/// Deletes expired rows so that the file stays small.
pub(super) fn sweep(transaction: &Transaction<'_>, now: Millis) -> Result<(), SandboxError> {
    let own = [oauth::SWEEP, page::SWEEP, attempt_limit::SWEEP];
    let theirs = SERVICES.iter().map(|service| service.sweep);
    for statement in own.into_iter().chain(theirs).flatten() {
        transaction.execute(statement, [now])?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, SandboxError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn create(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    drop_tables(transaction)?;
    let own = [
        account::SCHEMA,
        attempt_limit::SCHEMA,
        oauth::SCHEMA,
        page::SCHEMA,
    ];
    let theirs = SERVICES.iter().flat_map(|service| service.schema).copied();
    for schema in own.into_iter().chain(theirs) {
        transaction.execute_batch(schema)?;
    }
    account::seed(transaction)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(transaction.pragma_update(None, "user_version", VERSION)?)
}

fn drop_tables(transaction: &Transaction<'_>) -> Result<(), SandboxError> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let names: Vec<String> = transaction
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // Every table is dropped, so the order that foreign keys require does not matter.
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    for name in names {
        transaction.execute_batch(&format!("DROP TABLE \"{name}\""))?;
    }
    Ok(())
}
