//! Protects the memory of this process from other programs.

/// Disables core dumps of this process, and on Linux also access by other programs of the same user (`ptrace`,
/// `/proc/PID/mem`, `/proc/PID/environ`; see `PR_SET_DUMPABLE` in `prctl(2)`). Root still has access. Child processes
/// are not affected on Linux; elsewhere they inherit the core dump limit. Failures are ignored, because the process
/// works without this protection.
pub fn disable_core_dumps_and_ptrace() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Core);
        limit.current = Some(0);
        let _refused = setrlimit(Resource::Core, limit);
    }
}
