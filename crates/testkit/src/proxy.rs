//! A TCP proxy that can be cut and mended: the network between the product and its database.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Forwards a local port to another until it is cut.
pub struct Proxy {
    port: u16,
    cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// A proxy to `127.0.0.1:target`.
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| panic!("no port for the proxy: {e}"));
        let port = listener.local_addr().unwrap_or_else(|e| panic!("no address: {e}")).port();
        let (cut, open) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (is_cut, streams) = (cut.clone(), open.clone());
        std::thread::spawn(move || {
            for inward in listener.incoming().flatten() {
                if is_cut.load(Ordering::SeqCst) {
                    let _ = inward.shutdown(Shutdown::Both);
                    continue;
                }
                if let Ok(outward) = TcpStream::connect(("127.0.0.1", target)) {
                    forward(inward, outward, &streams);
                }
            }
        });
        Self { port, cut, open }
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Breaks every connection and refuses new ones.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        if let Ok(mut open) = self.open.lock() {
            for stream in open.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

fn forward(inward: TcpStream, outward: TcpStream, open: &Arc<Mutex<Vec<TcpStream>>>) {
    let clones = (inward.try_clone(), outward.try_clone(), inward.try_clone(), outward.try_clone());
    let (Ok(back_in), Ok(back_out), Ok(kept_in), Ok(kept_out)) = clones else { return };
    let _ = (inward.set_nodelay(true), outward.set_nodelay(true));
    if let Ok(mut open) = open.lock() {
        open.extend([kept_in, kept_out]);
    }
    std::thread::spawn(move || pump(inward, outward));
    std::thread::spawn(move || pump(back_out, back_in));
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0_u8; 16 * 1024];
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
