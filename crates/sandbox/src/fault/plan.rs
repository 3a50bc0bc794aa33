//! The faults in force, how often each has hit, and the requests that came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::Fault;
use super::endpoint::Asked;
use super::kinds::{Act, Break, Canned, Shape};

/// How many requests are remembered.
const REMEMBERED: usize = 1000;

/// A plan that its clones share.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    planned: Vec<Planned>,
    seen: VecDeque<Seen>,
}

struct Planned {
    fault: Fault,
    hits: u64,
}

/// A request, without anything secret: no query, no body, no header.
pub(super) struct Seen {
    /// RFC 3339.
    pub(super) at: String,
    pub(super) method: String,
    pub(super) path: String,
    /// Those that hit it, as they were written.
    pub(super) faults: Vec<String>,
}

/// What befalls one request.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Fate {
    pub(super) ending: Ending,
    pub(super) shapes: Vec<Shape>,
    pub(super) hit: Vec<String>,
}

/// Where the answer comes from.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Ending {
    #[default]
    Service,
    Canned(Canned),
    Break(Break),
}

impl Faults {
    /// Puts some behind those that are there.
    pub fn add(&self, faults: impl IntoIterator<Item = Fault>) {
        let planned = faults.into_iter().map(|fault| Planned { fault, hits: 0 });
        self.plan().planned.extend(planned);
    }

    /// Forgets them all.
    pub fn clear(&self) {
        self.plan().planned.clear();
    }

    /// Whether the first has hit, if there is any.
    pub(crate) fn has_begun(&self) -> bool {
        self.plan().planned.first().is_none_or(|it| it.hits > 0)
    }

    pub(super) fn replace(&self, faults: Vec<Fault>) {
        let planned = faults.into_iter().map(|fault| Planned { fault, hits: 0 });
        self.plan().planned = planned.collect();
    }

    /// Whether the `grant_type` of a token request decides.
    pub(super) fn need_grants(&self) -> bool {
        let plan = self.plan();
        plan.planned.iter().any(|it| it.fault.needs_grant())
    }

    /// What befalls this request, which counts as a hit of each fault in it.
    pub(super) fn meet(&self, asked: &Asked) -> Fate {
        let mut fate = Fate::default();
        for planned in &mut self.plan().planned {
            if planned.is_over() || !planned.fault.fits(asked) {
                continue;
            }
            planned.hits += 1;
            fate.hit.push(planned.fault.to_string());
            match planned.fault.act() {
                Act::Shape(shape) => {
                    fate.shapes.push(shape.clone());
                    continue;
                }
                Act::Pass => {}
                Act::Answer(canned) => fate.ending = Ending::Canned(canned.clone()),
                Act::Break(way) => fate.ending = Ending::Break(*way),
            }
            break;
        }
        fate
    }

    pub(super) fn remember(&self, seen: Seen) {
        let mut plan = self.plan();
        if plan.seen.len() == REMEMBERED {
            plan.seen.pop_front();
        }
        plan.seen.push_back(seen);
    }

    pub(super) fn forget_requests(&self) {
        self.plan().seen.clear();
    }

    /// The faults with how often each has hit, and how often it will (`null`: always).
    pub(super) fn listed(&self) -> Value {
        let rows = self.plan().planned.iter().map(Planned::row).collect();
        Value::Array(rows)
    }

    /// The requests, oldest first.
    pub(super) fn requests(&self) -> Value {
        let rows = self.plan().seen.iter().map(Seen::row).collect();
        Value::Array(rows)
    }

    /// Nothing here can be left half done, so a poisoned lock is sound.
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Planned {
    fn left(&self) -> Option<u64> {
        Some(self.fault.count()?.saturating_sub(self.hits))
    }

    fn is_over(&self) -> bool {
        self.left() == Some(0)
    }

    fn row(&self) -> Value {
        json!({"fault": self.fault.to_string(), "hits": self.hits, "left": self.left()})
    }
}

impl Seen {
    fn row(&self) -> Value {
        json!({"at": self.at, "method": self.method, "path": self.path, "faults": self.faults})
    }
}
