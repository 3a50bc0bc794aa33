//! The tasks in progress, which run concurrently on the thread of the event loop.

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::dependencies::Dependencies;
use super::task_runner::{self, TaskRequest};
use crate::tui::msg::{Msg, TaskId};

#[derive(Default)]
pub(super) struct RunningTasks<'a> {
    tasks: FuturesUnordered<LocalBoxFuture<'a, TaskId>>,
    cancel_senders: Vec<(TaskId, watch::Sender<bool>)>,
}

impl<'a> RunningTasks<'a> {
    pub(super) fn start(
        &mut self,
        dependencies: &'a Dependencies,
        send: UnboundedSender<Msg>,
        request: TaskRequest,
    ) {
        let (cancel, cancelled) = watch::channel(false);
        let task = request.task;
        self.cancel_senders.push((task, cancel));
        let run = task_runner::run(dependencies, send, request, cancelled);
        self.tasks.push(Box::pin(async move {
            run.await;
            task
        }));
    }

    pub(super) fn cancel(&mut self, task: TaskId) {
        for (_, cancel) in self.cancel_senders.iter().filter(|(it, _)| *it == task) {
            cancel.send_replace(true);
        }
    }

    /// Completes when a task has finished. Waits forever if none is in progress.
    pub(super) async fn remove_finished(&mut self) {
        match self.tasks.next().await {
            Some(task) => self.cancel_senders.retain(|(it, _)| *it != task),
            None => std::future::pending().await,
        }
    }

    /// Cancels all tasks, and waits until their critical sections are completed.
    pub(super) async fn cancel_and_wait(&mut self) {
        for (_, cancel) in &self.cancel_senders {
            cancel.send_replace(true);
        }
        while self.tasks.next().await.is_some() {}
    }
}
