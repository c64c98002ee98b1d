//! Closed lists: what the statute or the official form enumerates, in its order, with a stable code
//! that is stored and the Chinese wording that is shown. `gongkai_statute::closed_list!` elsewhere.

/// Declares an enum whose variants are the rows of a closed list.
///
/// `Variant = "stored_code", "中文";` gives `ALL` (in the order written), `code()`, `from_code()`,
/// `label()`, and serde by code. Codes are stored in databases: never change one.
#[macro_export]
macro_rules! closed_list {
    (
        $(#[$list_doc:meta])*
        pub enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $code:literal, $label:literal; )+
        }
    ) => {
        $(#[$list_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$doc])* $variant, )+
        }

        impl $name {
            /// Every row, in the order of the statute or form.
            pub const ALL: &'static [$name] = &[ $( $name::$variant, )+ ];

            /// The stable code that is stored and exchanged.
            pub const fn code(self) -> &'static str {
                match self { $( $name::$variant => $code, )+ }
            }

            /// The row with this code, if there is one.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some($name::$variant), )+ _ => None }
            }

            /// The Chinese wording.
            pub const fn label(self) -> &'static str {
                match self { $( $name::$variant => $label, )+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                $name::from_code(&code).ok_or_else(|| {
                    let known: Vec<_> = $name::ALL.iter().map(|row| row.code()).collect();
                    serde::de::Error::custom(format!("“{code}”不在可选值中（{}）", known.join("、")))
                })
            }
        }
    };
}
pub(crate) use closed_list;
