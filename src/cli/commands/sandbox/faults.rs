//! `sandbox faults`: lists the faults that `sandbox serve` can inject.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::cli::app::CommandOutput;
use crate::sandbox::{FAULT_ENDPOINTS, FAULT_KINDS, FaultKind};
use crate::ui::{Column, OutputError, Shell, Span, Table};

/// Every kind of fault, and the endpoints that have a name.
pub(super) struct FaultList;

impl CommandOutput for FaultList {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        let mut table = Table::new([Column::fixed("KIND"), Column::wrapped("WHAT HAPPENS")]);
        for kind in &FAULT_KINDS {
            table.add_row([Span::bold(syntax(kind)), Span::plain(kind.meaning)]);
        }
        shell.table(&table)?;
        let names: Vec<&str> = FAULT_ENDPOINTS.iter().map(|it| it.name).collect();
        shell.status(format!(
            "endpoints: {}; or a path, such as 'GET /api/tokens/'",
            names.join(", ")
        ));
        shell.status(
            "write it ENDPOINT[*COUNT]=KIND: brainmaps sandbox serve --fault 'token*2=slow_down'",
        );
        Ok(())
    }
}

impl Serialize for FaultList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        document().serialize(serializer)
    }
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
