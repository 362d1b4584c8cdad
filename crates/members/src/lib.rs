//! Members: who somebody is across platforms, what is known of them, what they agreed to.
//!
//! [`identity`] decides which records are one person. It knows no orders: other crates hand it
//! what a record says of its buyer and get a member, or the honest answer that nobody can be
//! named.

pub mod identity;

shuke_kernel::ids! {
    /// A member.
    MemberId = MemberKind "mem";
}
