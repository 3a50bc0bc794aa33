//! The loop: what happens is taken in, the picture is drawn, what is to be done is done. The only part of this room that
//! touches the world.

mod input;
mod work;

use std::io;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::time::{Interval, interval};

use super::model::Model;
use super::msg::{Effect, Msg, Task};
use super::{Ended, Given};
use super::{update, view};
use crate::host::{Resumptions, about_to_be_ended, told_to_stop};
use crate::ui::Screen;

/// At most this many messages go into one picture: then it is time to see something.
const AT_ONCE: usize = 256;

/// What runs, and how to stop it.
struct Underway<'a> {
    works: FuturesUnordered<LocalBoxFuture<'a, Task>>,
    stops: Vec<(Task, watch::Sender<bool>)>,
}

/// Runs until the user is done.
pub(super) async fn run(given: &Given, model: &mut Model) -> io::Result<Ended> {
    let mut screen = Screen::enter()?;
    let (send, receive) = mpsc::unbounded_channel();
    input::listen(send.clone())?;
    let mut sources = Sources {
        receive,
        seconds: interval(Duration::from_secs(1)),
        stop: Box::pin(stopped()),
        resumptions: Resumptions::listen(),
    };
    let mut underway = Underway {
        works: FuturesUnordered::new(),
        stops: Vec::new(),
    };
    let ended = go_on(
        (given, &send),
        model,
        (&mut screen, &mut sources, &mut underway),
    )
    .await;
    // Also where the terminal is gone: what must not be torn apart is finished.
    underway.stop_all().await;
    ended
}

/// Ready at any signal that ends a program: the terminal is given back first.
fn stopped() -> impl Future<Output = ()> {
    let (told, ended) = (told_to_stop(), about_to_be_ended());
    async {
        tokio::select! {
            () = told => {}
            () = ended => {}
        }
    }
}

/// Takes in, draws, does, over and over.
async fn go_on<'a, S: Future<Output = ()>>(
    (given, send): (&'a Given, &UnboundedSender<Msg>),
    model: &mut Model,
    (screen, sources, underway): (&mut Screen, &mut Sources<S>, &mut Underway<'a>),
) -> io::Result<Ended> {
    draw(screen, given, model)?;
    let mut effects = update::begin(model);
    loop {
        for effect in effects.drain(..) {
            if let Some(ended) = obey(effect, (given, send), screen, underway)? {
                return Ok(ended);
            }
        }
        draw(screen, given, model)?;
        for msg in sources.next(given, underway, screen).await? {
            effects.extend(update::update(model, msg));
        }
    }
}

/// Draws what there is now.
fn draw(screen: &mut Screen, given: &Given, model: &mut Model) -> io::Result<()> {
    model.now = given.clock.now();
    screen.draw(|frame| {
        model.size = (frame.area().width, frame.area().height);
        view::draw(frame, model);
    })
}

/// Where things happen.
struct Sources<S> {
    receive: UnboundedReceiver<Msg>,
    seconds: Interval,
    stop: Pin<Box<S>>,
    resumptions: Resumptions,
}

impl<S: Future<Output = ()>> Sources<S> {
    /// What happened since the last picture; waits until something does.
    async fn next(
        &mut self,
        given: &Given,
        underway: &mut Underway<'_>,
        screen: &mut Screen,
    ) -> io::Result<Vec<Msg>> {
        let mut messages = Vec::new();
        tokio::select! {
            _count = self.receive.recv_many(&mut messages, AT_ONCE) => {}
            Some(task) = underway.works.next() => underway.stops.retain(|(it, _)| *it != task),
            _moment = self.seconds.tick() => messages.push(Msg::Tick(given.clock.now())),
            () = &mut self.stop => messages.push(Msg::Stop),
            // The user's shell had the terminal meanwhile.
            () = self.resumptions.next() => screen.retake()?,
        }
        Ok(messages)
    }
}

/// Does what is to be done; how it ended, if it did.
fn obey<'a>(
    effect: Effect,
    (given, send): (&'a Given, &UnboundedSender<Msg>),
    screen: &mut Screen,
    underway: &mut Underway<'a>,
) -> io::Result<Option<Ended>> {
    match effect {
        Effect::Quit(true) => return Ok(Some(Ended::GivenUp)),
        Effect::Quit(false) => return Ok(Some(Ended::Done)),
        Effect::Suspend => screen.suspend()?,
        Effect::Redraw => screen.forget()?,
        Effect::Copy(secret) => screen.copy(secret.expose())?,
        Effect::Cancel(task) => underway.stop(task),
        Effect::Work(task, profile, what) => {
            let (stop, stopped) = watch::channel(false);
            underway.stops.push((task, stop));
            let work = work::run(given, send.clone(), (task, profile, what), stopped);
            underway.works.push(Box::pin(async move {
                work.await;
                task
            }));
        }
    }
    Ok(None)
}

impl Underway<'_> {
    fn stop(&mut self, task: Task) {
        for (_, stop) in self.stops.iter().filter(|(it, _)| *it == task) {
            stop.send_replace(true);
        }
    }

    /// Stops everything; what must not be torn apart is finished first.
    async fn stop_all(&mut self) {
        for (_, stop) in &self.stops {
            stop.send_replace(true);
        }
        while self.works.next().await.is_some() {}
    }
}
