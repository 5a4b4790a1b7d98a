//! Codes of the vendor as enums that keep what they do not know.
//!
//! In: a word of the wire. Out: its variant, or `Unknown` with the word. Rule: every word reads, and writes
//! back as it was; `Debug` shows an unknown word only where it looks like a code, for a text could hold
//! personal data.

/// Longest unknown word that `Debug` shows, in characters. The longest known code has 30.
const MAX_SHOWN_CHARS: usize = 48;

/// What `Debug` shows of an unknown word.
pub(super) fn shown(word: &str) -> &str {
    let code = word.len() <= MAX_SHOWN_CHARS
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'));
    if code { word } else { "…" }
}

/// An enum of words: `From<&str>` never fails, `as_str` gives the word back, serde as a string.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A word that the public pages do not name, as it came.
            Unknown(String),
        }

        impl $name {
            /// Every word that the public pages name.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(word) => word,
                }
            }

            /// Whether the public pages name it.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Unknown(word) => {
                        f.debug_tuple("Unknown").field(&$crate::argos::words::shown(word)).finish()
                    }
                    known => f.write_str(known.as_str()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|word| Self::from(word.as_str()))
            }
        }
    };
}

pub(super) use words;
