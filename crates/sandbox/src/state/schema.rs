//! Creates the tables, checks their version, and deletes expired rows.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{account, attempt_limit};
use crate::base::{Millis, SandboxError};

/// The tables of all modules. The store creates them and must not read them.
#[derive(Clone, Default)]
pub(crate) struct Schema {
    /// Statements that create the tables.
    pub(crate) create: Vec<&'static str>,
    /// Statements that delete expired rows; `?1` is the current time.
    pub(crate) delete_expired: Vec<&'static str>,
}

/// Incremented whenever a table changes. An older state is discarded: it holds invented data only.
const VERSION: i64 = 5;

/// `BMsb` in ASCII. Distinguishes a sandbox state from another program's database.
pub(crate) const APPLICATION_ID: i64 = 0x424d_7362;

/// Creates the tables if they are missing or older than [`VERSION`].
pub(crate) fn ensure(connection: &mut Connection, schema: &Schema) -> Result<(), SandboxError> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have created them meanwhile.
    let current = version(&transaction)?;
    if current > VERSION {
        return Err(SandboxError::Newer);
    }
    if current < VERSION {
        create(&transaction, schema)?;
    }
    Ok(transaction.commit()?)
}

/// Drops all tables and creates them again, with the demo accounts.
pub(crate) fn recreate(connection: &mut Connection, schema: &Schema) -> Result<(), SandboxError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    create(&transaction, schema)?;
    transaction.commit()?;
    Ok(connection.execute_batch("VACUUM")?)
}

impl Schema {
    /// Deletes expired rows so that the file stays small.
    pub(crate) fn delete_expired_rows(
        &self,
        transaction: &Transaction<'_>,
        now: Millis,
    ) -> Result<(), SandboxError> {
        for statement in attempt_limit::DELETE_EXPIRED
            .iter()
            .chain(&self.delete_expired)
        {
            transaction.execute(statement, [now])?;
        }
        Ok(())
    }
}

fn version(connection: &Connection) -> Result<i64, SandboxError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Drops all tables, creates those of `schema`, and inserts the demo accounts.
fn create(transaction: &Transaction<'_>, schema: &Schema) -> Result<(), SandboxError> {
    drop_tables(transaction)?;
    let shared = [account::SCHEMA, attempt_limit::SCHEMA];
    for statements in shared.iter().chain(&schema.create) {
        transaction.execute_batch(statements)?;
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
