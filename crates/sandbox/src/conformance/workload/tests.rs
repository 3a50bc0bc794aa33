//! Tests of the list of cases. tests/it/conformance/workload.rs has clients that follow and break the rules.

use super::{CASES, RULES};

#[test]
fn cases_name_existing_rules_and_valid_faults() {
    for case in &CASES {
        let is_rule = RULES.iter().any(|(id, _)| *id == case.rule);
        assert!(is_rule, "{}", case.rule);
        for fault in case.faults {
            let fault = fault.replace("{other}", "http://127.0.0.1:1/elsewhere");
            assert!(fault.parse::<crate::Fault>().is_ok(), "{fault}");
        }
    }
}
