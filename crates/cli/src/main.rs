//! `gongkai`: one binary for the disclosure office.

#[allow(dead_code)]
mod demo;

fn main() {}
