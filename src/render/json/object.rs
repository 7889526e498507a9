//! Objects and arrays of JSON, written member by member.

use super::base64::push_base64;
use super::push_string;
use crate::render::number::push_decimal;

/// An object being written. [`Self::end`] closes it.
pub(in crate::render) struct Object<'o> {
    out: &'o mut Vec<u8>,
    any: bool,
}

impl<'o> Object<'o> {
    /// Begins an object.
    pub(in crate::render) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, any: false }
    }

    /// Begins a member, whose value is to be appended. `name` needs no escapes.
    pub(in crate::render) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if self.any {
            self.out.push(b',');
        }
        self.any = true;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// A number.
    pub(in crate::render) fn number(&mut self, name: &str, number: u64) {
        push_decimal(self.name(name), number);
    }

    /// Text.
    pub(in crate::render) fn string(&mut self, name: &str, text: &str) {
        push_string(self.name(name), text);
    }

    /// Bytes that are meant to be text: under `name` where they are UTF-8, else as base64 under `name_base64`.
    pub(in crate::render) fn text(&mut self, name: &str, bytes: &[u8]) {
        match str::from_utf8(bytes) {
            Ok(text) => self.string(name, text),
            Err(_) => self.base64(&[name, "_base64"].concat(), bytes),
        }
    }

    /// Bytes.
    pub(in crate::render) fn base64(&mut self, name: &str, bytes: &[u8]) {
        let out = self.name(name);
        out.push(b'"');
        push_base64(out, bytes);
        out.push(b'"');
    }

    /// True or false.
    pub(in crate::render) fn boolean(&mut self, name: &str, value: bool) {
        self.name(name).extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// An object in it.
    pub(in crate::render) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        let mut object = Object::begin(self.name(name));
        write(&mut object);
        object.end();
    }

    /// An array of values, each appended by `write`.
    pub(in crate::render) fn array<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, write: impl FnMut(&mut Vec<u8>, T)) {
        push_array(self.name(name), items, write);
    }

    /// An array of objects.
    pub(in crate::render) fn objects<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Object<'_>, T),
    ) {
        self.array(name, items, |out, item| {
            let mut object = Object::begin(out);
            write(&mut object, item);
            object.end();
        });
    }

    /// Closes it.
    pub(in crate::render) fn end(self) {
        self.out.push(b'}');
    }
}

/// Appends an array.
pub(in crate::render) fn push_array<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_follow_each_other() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.number("a", 1);
        object.text("b", b"\xff");
        object.object("c", |inner| inner.boolean("d", true));
        object.objects("e", [1, 2], |inner, number| inner.number("f", number));
        object.array("g", ["x"; 0], |_, _| {});
        object.end();
        assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":1,"b_base64":"/w==","c":{"d":true},"e":[{"f":1},{"f":2}],"g":[]}"#);
    }
}
