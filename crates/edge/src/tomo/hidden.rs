//! `Debug` of types that hold personal data: it shows the named members and nothing else.

/// Implements `Debug` for each type with the members that name nobody.
macro_rules! debug_without_personal_data {
    ($($name:ident { $($shown:ident),* })*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    )*};
}

pub(super) use debug_without_personal_data;
