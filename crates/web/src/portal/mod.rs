//! The citizens' side: one file per room. Its pages need no script.
