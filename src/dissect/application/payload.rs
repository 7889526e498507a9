//! Bytes that no protocol is known for.

use crate::dissect::{Describe, Field, Next, Protocol, Stop, Value, Walk};

/// Bytes.
pub static PROTOCOL: Protocol =
    Protocol { name: "data", label: "data", title: "Data", reference: "", claims: &[], dissect, describe, verify: None, fields: &[FIELDS] };

fields! {
    LENGTH = Field::number("data.len", "Length", "How many bytes were captured.").unit("bytes");
    DATA = Field::bytes("data.data", "Data", "The bytes.");
}

fn dissect(_: &mut Walk<'_>) -> Result<Next, Stop> {
    Ok(Next::Nothing)
}

fn describe(d: &mut Describe<'_, '_>) -> Option<()> {
    let length = d.view.bytes().len();
    d.value(&LENGTH, 0, 0, Value::Number(length as u64));
    d.bytes(&DATA, 0, length)?;
    Some(())
}
