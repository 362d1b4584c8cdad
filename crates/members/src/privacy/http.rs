//! HTTP of privacy.
