//! HTTP of consent.
