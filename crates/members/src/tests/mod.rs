//! The crate's tests. Each takes the real store on both engines, unless it is about pure rules.

mod consent;
mod entities;
mod fold;
mod identity;
mod merge;
mod past;
mod profile;
mod search;
mod statements;
mod tag_rules;
mod tag_sources;
mod tags;
mod world;
