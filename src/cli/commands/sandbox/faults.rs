//! `sandbox faults`

use serde_json::{Value, json};

use crate::cli::app::App;
use crate::cli::exit::{ExitStatus, SUCCESS};
use crate::cli::failure::Failure;
use crate::sandbox::{FAULT_ENDPOINTS, FAULT_KINDS, FaultKind};
use crate::ui::{Column, Span, Table};

/// Shows every kind of fault, and the endpoints that have a name.
pub(super) fn list(app: &App) -> Result<ExitStatus, Failure> {
    if app.shell.options().json {
        app.shell.document(&document())?;
        return Ok(SUCCESS);
    }
    let mut table = Table::new([Column::fixed("KIND"), Column::wrapped("WHAT HAPPENS")]);
    for kind in &FAULT_KINDS {
        table.add_row([Span::bold(syntax(kind)), Span::plain(kind.meaning)]);
    }
    app.shell.table(&table)?;
    let names: Vec<&str> = FAULT_ENDPOINTS.iter().map(|it| it.name).collect();
    app.shell.status(format!(
        "endpoints: {}; or a path, such as 'GET /api/tokens/'",
        names.join(", ")
    ));
    app.shell.status(
        "write it ENDPOINT[*COUNT]=KIND: brainmaps sandbox serve --fault 'token*2=slow_down'",
    );
    Ok(SUCCESS)
}

/// `delay:TIME`, `drip[:TIME]`, `reset`.
fn syntax(kind: &FaultKind) -> String {
    match kind.argument {
        "" => kind.name.to_owned(),
        optional if optional.starts_with('[') && optional.ends_with(']') => {
            format!("{}[:{}", kind.name, &optional[1..])
        }
        argument => format!("{}:{argument}", kind.name),
    }
}

fn document() -> Value {
    let kinds: Vec<Value> = FAULT_KINDS
        .iter()
        .map(|it| json!({"name": it.name, "argument": it.argument, "meaning": it.meaning}))
        .collect();
    let endpoints: Vec<Value> = FAULT_ENDPOINTS
        .iter()
        .map(|it| json!({"name": it.name, "meaning": it.meaning}))
        .collect();
    json!({ "faults": kinds, "endpoints": endpoints })
}
