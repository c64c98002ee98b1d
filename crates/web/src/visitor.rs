//! Who asks, as far as the network tells.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::portal::report_check::address_of;

/// The network address of the visitor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visitor(pub(crate) IpAddr);

impl Visitor {
    /// What is counted: nothing for a program on this machine that is no proxy.
    pub(crate) fn counted(self) -> Option<IpAddr> {
        Some(self.0).filter(|address| !address.is_loopback())
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Visitor(address_of(&parts.extensions, &parts.headers)))
    }
}
