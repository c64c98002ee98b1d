//! The same calls in a program that lays nothing out.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::path::PathBuf;

use jiff::civil::Date;
use serde_json::Value;

use crate::{NotLaidOut, Template};

/// Lays out documents; here it refuses to.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    pub fn new(_folders: Vec<PathBuf>) -> Engine {
        Engine
    }

    pub fn lay_out(&self, _template: Template, _data: &Value) -> Result<Document<'_>, NotLaidOut> {
        Err(NotLaidOut::NotBuilt)
    }
}

/// A laid out document. There is none here.
#[derive(Debug)]
pub struct Document<'a>(Infallible, PhantomData<&'a ()>);

impl Document<'_> {
    pub fn pages(&self) -> usize {
        match self.0 {}
    }

    pub fn pdf(&self, _made_on: Date) -> Result<Vec<u8>, NotLaidOut> {
        match self.0 {}
    }

    pub fn ofd(&self, _made_on: Date) -> Result<Vec<u8>, NotLaidOut> {
        match self.0 {}
    }
}
