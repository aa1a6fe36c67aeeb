//! Parses blocks on several threads and hands them over in the order of the file.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::block::{Block, Fault};

/// How many items wait before a thread, and how many blocks behind it.
const WAITING: usize = 2;

/// What a thread says about an item: any number of blocks, then that it is done.
enum Message {
    Block(Box<Block>),
    Done(Result<(), Fault>),
}

/// Sends a block on; false when nobody wants more.
pub(super) type Emit<'a> = &'a mut dyn FnMut(Block) -> bool;

/// Parses `items` on `threads` threads while this one merges their blocks in order.
///
/// Item k goes to thread k mod n, and this thread listens to them in turn: the order is that of the items whatever
/// the threads do, and no more than a few blocks a thread are held at a time. The first fault, of an item or of its
/// parsing, ends the work.
pub(super) fn run<I: Send, E>(
    threads: usize,
    items: impl Iterator<Item = Result<I, Fault>> + Send,
    parse: impl Fn(I, Emit<'_>) -> Result<(), Fault> + Sync,
    mut merge: impl FnMut(Result<Block, Fault>) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let (mut inlets, mut outlets) = (Vec::new(), Vec::new());
        for _ in 0..threads.max(1) {
            let (inlet, queue) = sync_channel(WAITING);
            let (sink, outlet) = sync_channel(WAITING);
            inlets.push(inlet);
            outlets.push(outlet);
            let parse = &parse;
            scope.spawn(move || work(&queue, &sink, parse));
        }
        scope.spawn(move || {
            for (item, inlet) in items.zip(inlets.iter().cycle()) {
                let last = item.is_err();
                if inlet.send(item).is_err() || last {
                    break;
                }
            }
        });
        for outlet in outlets.iter().cycle() {
            loop {
                match outlet.recv() {
                    Ok(Message::Block(block)) => merge(Ok(*block))?,
                    Ok(Message::Done(Ok(()))) => break,
                    Ok(Message::Done(Err(fault))) => return merge(Err(fault)),
                    Err(_) => return Ok(()),
                }
            }
        }
        Ok(())
    })
}

fn work<I>(
    queue: &Receiver<Result<I, Fault>>,
    sink: &SyncSender<Message>,
    parse: &impl Fn(I, Emit<'_>) -> Result<(), Fault>,
) {
    for item in queue {
        let done = item.and_then(|item| {
            parse(item, &mut |block| sink.send(Message::Block(Box::new(block))).is_ok())
        });
        if sink.send(Message::Done(done)).is_err() {
            return;
        }
    }
}
