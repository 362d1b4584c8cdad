//! Loops made for the processor at hand: the same text compiled for three sets of instructions, the widest
//! that the processor has is taken.

/// How wide the processor's instructions are.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(super) enum Width {
    Plain,
    /// 32 bytes at once.
    Half,
    /// 64 bytes at once.
    Full,
}

#[cfg(target_arch = "x86_64")]
pub(super) fn width() -> Width {
    use std::arch::is_x86_feature_detected as has;
    static WIDTH: std::sync::OnceLock<Width> = std::sync::OnceLock::new();
    *WIDTH.get_or_init(|| {
        let half = has!("avx2") && has!("bmi1") && has!("bmi2") && has!("popcnt") && has!("lzcnt");
        let full = has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
        match (half, full) {
            (true, true) => Width::Full,
            (true, false) => Width::Half,
            (false, _) => Width::Plain,
        }
    })
}

/// Defines functions that are compiled for each width.
macro_rules! wide {
    ($($(#[$doc:meta])* $vis:vis fn $name:ident $(<$g:ident : $bound:ident>)? ($($a:ident : $t:ty),* $(,)?) -> $r:ty $body:block)*) => {$(
        $(#[$doc])*
        $vis fn $name $(<$g: $bound>)? ($($a: $t),*) -> $r {
            #[inline(always)]
            fn plain $(<$g: $bound>)? ($($a: $t),*) -> $r $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,bmi1,bmi2,popcnt,lzcnt")]
                fn half $(<$g: $bound>)? ($($a: $t),*) -> $r {
                    plain($($a),*)
                }
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi1,bmi2,popcnt,lzcnt")]
                fn full $(<$g: $bound>)? ($($a: $t),*) -> $r {
                    plain($($a),*)
                }
                #[expect(unsafe_code, reason = "instructions that the processor was asked for are called for by name only so")]
                // SAFETY: the processor has the features of the width that it is said to have.
                match $crate::eval::wide::width() {
                    $crate::eval::wide::Width::Plain => plain($($a),*),
                    $crate::eval::wide::Width::Half => unsafe { half($($a),*) },
                    $crate::eval::wide::Width::Full => unsafe { full($($a),*) },
                }
            }
            #[cfg(not(target_arch = "x86_64"))]
            plain($($a),*)
        }
    )*};
}
pub(super) use wide;
