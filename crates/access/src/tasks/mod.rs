//! Long work as people see it: listed, watched, stopped and begun again. The work itself is the
//! store's jobs.

pub mod http;
