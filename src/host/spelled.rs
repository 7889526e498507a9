//! Serde for values that JSON holds as text: what they are said as, and what they are read from.

/// `Serialize` by `Display` and `Deserialize` by `FromStr`, with what was expected said where it does not parse.
macro_rules! spelled {
    ($kind:ty, $expected:literal) => {
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $kind;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$kind, E> {
                        text.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
                    }

                    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$kind, E> {
                        number.to_string().parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(number), &self))
                    }
                }
                deserializer.deserialize_any(Text)
            }
        }
    };
}

/// An enum of words without content: how each is spelled, in JSON and elsewhere.
macro_rules! words {
    ($kind:ident, $expected:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            /// How it is spelled, by `ip` and in host files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $kind {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(()),
                }
            }
        }

        $crate::host::spelled::spelled!($kind, $expected);
    };
}

pub(super) use {spelled, words};

/// Whether a value is the one that is left out of a file.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
