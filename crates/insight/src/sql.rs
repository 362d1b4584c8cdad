//! The crate's statements.

shuke_store::statements! {
    /// Who took a member in; nothing of one who lives.
    ALIAS_OF = "SELECT alias_of FROM member WHERE merchant = $1 AND id = $2";
}
