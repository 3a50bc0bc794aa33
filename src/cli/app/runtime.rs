//! Runs asynchronous work, and reacts to Ctrl-C.

use crate::actions::{ActionError, Context};
use crate::cli::failure::{Code, Failure};
use crate::host::{ignore_sigxfsz, shutdown_signal};

/// Runs `work` until it completes or Ctrl-C arrives. Critical sections complete first.
pub(crate) fn block_on_interruptible<T, W: Future<Output = Result<T, ActionError>>>(
    context: &Context,
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    let done = run_to_completion(|| interruptible(context, work()));
    context.warn_about_clock_skew();
    done
}

/// As [`block_on_interruptible`], inside a runtime.
pub(crate) async fn interruptible<T>(
    context: &Context,
    work: impl Future<Output = Result<T, ActionError>>,
) -> Result<T, Failure> {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => Ok(done?),
        () = shutdown_signal() => {
            tokio::select! {
                () = context.shutdown_guard.begin_shutdown() => Err(Failure::interrupted()),
                done = &mut work => Ok(done?),
            }
        }
    }
}

/// Runs `work`, which handles Ctrl-C itself. Does not wait for a DNS lookup that hangs.
///
/// Not inlined: otherwise every command would reserve stack for the futures of all commands (140 KiB).
#[inline(never)]
pub(crate) fn run_to_completion<T, W: Future<Output = Result<T, Failure>>>(
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| {
        Failure::new(
            Code::Failed,
            format!("cannot start the async runtime: {error}"),
        )
    })?;
    let done = runtime.block_on(async {
        ignore_sigxfsz();
        work().await
    });
    runtime.shutdown_background();
    done
}
