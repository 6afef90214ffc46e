//! The kinds of resources of a cloud, written as a table.

/// Writes the enum of a cloud's kinds and what is known of each.
macro_rules! kinds {
    ($(#[$doc:meta])* $kind:ident: $($(#[$about:meta])* $name:ident $word:literal, data $data:literal, changeable [$($field:literal),*], made $made:literal, gone $gone:literal, name $longest:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $kind {
            $($(#[$about])* $name,)*
        }

        impl $crate::cloud::resource::Kind for $kind {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn info(self) -> &'static $crate::cloud::resource::KindInfo {
                match self {
                    $(Self::$name => {
                        const INFO: $crate::cloud::resource::KindInfo = $crate::cloud::resource::KindInfo {
                            word: $word,
                            holds_data: $data,
                            changeable: &[$($field),*],
                            made_in: $crate::units::Span($made),
                            gone_in: $crate::units::Span($gone),
                            longest_name: $longest,
                        };
                        &INFO
                    })*
                }
            }
        }
    };
}

pub(crate) use kinds;
