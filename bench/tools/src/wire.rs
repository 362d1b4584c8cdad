//! A connection of HTTP that stays open, with no client library's work in what is measured.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result};

/// One connection.
pub struct Connection {
    writer: TcpStream,
    reader: BufReader<TcpStream>,
}

/// What is sent.
pub struct Request<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// With its query.
    pub path: &'a str,
    /// The API key.
    pub key: &'a str,
    /// The idempotency key; none for reads.
    pub once: Option<String>,
    /// JSON.
    pub body: &'a str,
}

impl Connection {
    /// To `host:port`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn open(address: &str) -> Result<Self> {
        let writer = TcpStream::connect(address)?;
        writer.set_nodelay(true)?;
        Ok(Self { reader: BufReader::new(writer.try_clone()?), writer })
    }

    /// Sends and waits for the answer: status and body.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub fn send(&mut self, request: &Request<'_>) -> Result<(u16, String)> {
        let Request { method, path, key, once, body } = request;
        let once = once.as_ref().map_or_else(String::new, |once| format!("Idempotency-Key: {once}\r\n"));
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n{once}");
        let text = format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        self.writer.write_all(text.as_bytes())?;
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status: u16 = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
        let mut length = 0;
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            if line == "\r\n" || line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.reader.read_exact(&mut answer)?;
        Ok((status, String::from_utf8_lossy(&answer).into_owned()))
    }
}
