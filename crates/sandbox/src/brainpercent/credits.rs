//! Credits. The prices are the sandbox's own, and credits cannot be bought.

use axum::Json;
use axum::extract::State;
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::caller::Caller;
use crate::base::SandboxError;
use crate::state::Sandbox;

/// Enough for three articles.
pub(super) const SCHEMA: &str = "
    CREATE TABLE brainpercent_wallets (
        account_id INTEGER PRIMARY KEY,
        credits INTEGER NOT NULL,
        used INTEGER NOT NULL DEFAULT 0,
        generated INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO brainpercent_wallets (account_id, credits) VALUES (1, 30), (2, 0), (3, 30);";

pub(super) async fn credits(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let wallet = wallet(&sandbox, caller.require("read", "user")?)?;
    Ok(Json(json!({
        "success": true,
        "data": {"credits": wallet.credits, "used": wallet.used},
    })))
}

pub(super) async fn usage(
    State(sandbox): State<Sandbox>,
    caller: Caller,
) -> Result<Json<Value>, ApiError> {
    let wallet = wallet(&sandbox, caller.require("read", "user")?)?;
    Ok(Json(json!({
        "success": true,
        "data": {"generated": wallet.generated, "credits_used": wallet.used},
    })))
}

struct Wallet {
    credits: i64,
    used: i64,
    generated: i64,
}

fn wallet(sandbox: &Sandbox, account_id: i64) -> Result<Wallet, SandboxError> {
    sandbox.read(|connection, _| {
        let sql = "SELECT credits, used, generated FROM brainpercent_wallets WHERE account_id = ?1";
        Ok(connection.query_row(sql, [account_id], |row| {
            Ok(Wallet {
                credits: row.get(0)?,
                used: row.get(1)?,
                generated: row.get(2)?,
            })
        })?)
    })
}

/// Pays `price`. Returns the credits left if there are too few.
pub(super) fn pay(
    tx: &Transaction<'_>,
    account_id: i64,
    price: i64,
) -> Result<Option<i64>, SandboxError> {
    let paid = tx.execute(
        "UPDATE brainpercent_wallets
         SET credits = credits - ?2, used = used + ?2, generated = generated + 1
         WHERE account_id = ?1 AND credits >= ?2",
        params![account_id, price],
    )?;
    if paid > 0 {
        return Ok(None);
    }
    let sql = "SELECT credits FROM brainpercent_wallets WHERE account_id = ?1";
    Ok(Some(tx.query_row(sql, [account_id], |row| row.get(0))?))
}
