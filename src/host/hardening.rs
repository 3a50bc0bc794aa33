//! What others may see of this process: nothing of its memory.

/// No core dump of this process, and on Linux no look into it by other programs of the same user (`ptrace`,
/// `/proc/PID/mem`, `/proc/PID/environ`; `ptrace(2)`, `PR_SET_DUMPABLE`). The superuser still may. Programs that it starts
/// are not affected on Linux; elsewhere they inherit that they leave no core dump. Where the system refuses, nothing is
/// lost but this.
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
