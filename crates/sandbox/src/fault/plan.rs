//! The active faults with their hit counts, and the recorded requests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::Fault;
use super::endpoint::RequestInfo;
use super::kinds::{ConnectionFault, Effect, Mutation, SyntheticResponse};

/// The number of recorded requests; an older one is removed for each new one.
const MAX_RECORDED: usize = 1000;

/// The active faults. Clones share them.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    active: Vec<ActiveFault>,
    recorded: VecDeque<RecordedRequest>,
}

struct ActiveFault {
    fault: Fault,
    hits: u64,
}

/// A request without secrets: no query, no headers, no body.
pub(super) struct RecordedRequest {
    /// RFC 3339.
    pub(super) at: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The faults that applied, as they were written.
    pub(super) faults: Vec<String>,
}

/// The faults to apply to one request.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Decision {
    pub(super) source: ResponseSource,
    pub(super) mutations: Vec<Mutation>,
    pub(super) applied: Vec<String>,
}

/// Where the response comes from.
#[derive(Debug, Default, PartialEq)]
pub(super) enum ResponseSource {
    #[default]
    Service,
    Synthetic(SyntheticResponse),
    Break(ConnectionFault),
}

impl Faults {
    /// Appends faults.
    pub fn add(&self, faults: impl IntoIterator<Item = Fault>) {
        let active = faults
            .into_iter()
            .map(|fault| ActiveFault { fault, hits: 0 });
        self.plan().active.extend(active);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.plan().active.clear();
    }

    /// Returns true if the first fault has applied at least once, or if there are none.
    pub(crate) fn has_first_fault_hit(&self) -> bool {
        self.plan().active.first().is_none_or(|it| it.hits > 0)
    }

    pub(super) fn replace(&self, faults: Vec<Fault>) {
        let active = faults
            .into_iter()
            .map(|fault| ActiveFault { fault, hits: 0 });
        self.plan().active = active.collect();
    }

    /// Returns true if a fault depends on the `grant_type` of a token request.
    pub(super) fn needs_grant_type(&self) -> bool {
        let plan = self.plan();
        plan.active.iter().any(|it| it.fault.needs_grant_type())
    }

    /// Selects the faults for this request and counts a hit for each.
    pub(super) fn decide(&self, request: &RequestInfo) -> Decision {
        let mut decision = Decision::default();
        for active in &mut self.plan().active {
            if active.is_exhausted() || !active.fault.matches(request) {
                continue;
            }
            active.hits += 1;
            decision.applied.push(active.fault.to_string());
            match active.fault.effect() {
                Effect::Mutate(mutation) => {
                    decision.mutations.push(mutation.clone());
                    continue;
                }
                Effect::Pass => {}
                Effect::Respond(response) => {
                    decision.source = ResponseSource::Synthetic(response.clone());
                }
                Effect::Break(fault) => decision.source = ResponseSource::Break(*fault),
            }
            break;
        }
        decision
    }

    pub(super) fn record(&self, recorded: RecordedRequest) {
        let mut plan = self.plan();
        if plan.recorded.len() == MAX_RECORDED {
            plan.recorded.pop_front();
        }
        plan.recorded.push_back(recorded);
    }

    pub(super) fn clear_requests(&self) {
        self.plan().recorded.clear();
    }

    /// Returns the faults with their hits and remaining hits (`null`: unlimited).
    pub(super) fn to_json(&self) -> Value {
        let entries = self
            .plan()
            .active
            .iter()
            .map(ActiveFault::to_json)
            .collect();
        Value::Array(entries)
    }

    /// Returns the requests, oldest first.
    pub(super) fn requests(&self) -> Value {
        let entries = self
            .plan()
            .recorded
            .iter()
            .map(RecordedRequest::to_json)
            .collect();
        Value::Array(entries)
    }

    /// No update spans several steps, so a poisoned lock is usable.
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ActiveFault {
    fn remaining(&self) -> Option<u64> {
        Some(self.fault.count()?.saturating_sub(self.hits))
    }

    fn is_exhausted(&self) -> bool {
        self.remaining() == Some(0)
    }

    fn to_json(&self) -> Value {
        json!({"fault": self.fault.to_string(), "hits": self.hits, "left": self.remaining()})
    }
}

impl RecordedRequest {
    fn to_json(&self) -> Value {
        json!({"at": self.at, "method": self.method, "path": self.path, "faults": self.faults})
    }
}
