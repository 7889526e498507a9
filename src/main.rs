//! The `wirelore` command.

fn main() {}
