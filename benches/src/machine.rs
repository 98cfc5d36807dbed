//! What exact figures depend on besides the program: the compiler, and what of the machine decides which code runs.

use serde_json::{Value, json};

/// Where figures were measured. Instruction and allocation counts of equal machines can be compared exactly.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    /// `rustc --version`
    compiler: String,
    /// The target triple and the optimisation level.
    build: String,
    /// The C library: `malloc` and `memcpy` are its.
    c_library: String,
    /// The vector instructions among which `memchr` and the C library choose.
    vectors: String,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Machine {
        Machine {
            compiler: env!("BENCH_COMPILER").to_owned(),
            build: format!("{}, opt-level {}", env!("BENCH_TARGET"), env!("BENCH_OPT_LEVEL")),
            c_library: c_library(),
            vectors: vectors().to_owned(),
        }
    }

    /// For a report or a baseline.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "compiler": self.compiler, "build": self.build, "c_library": self.c_library, "vectors": self.vectors })
    }

    /// What is different from the machine of a baseline, as a sentence.
    pub(crate) fn difference(&self, baseline: &Value) -> Option<String> {
        let here = self.to_json();
        let different = here.as_object()?.iter().filter(|&(key, value)| baseline.get(key) != Some(value));
        let parts: Vec<String> = different
            .map(|(key, value)| {
                let there = baseline.get(key).and_then(Value::as_str).unwrap_or("unknown");
                format!("{} {} (baseline: {there})", key.replace('_', " "), value.as_str().unwrap_or_default())
            })
            .collect();
        if parts.is_empty() { None } else { Some(parts.join(", ")) }
    }
}

#[cfg(target_env = "gnu")]
fn c_library() -> String {
    // SAFETY: the C library returns a static text that ends with 0.
    let version = unsafe { std::ffi::CStr::from_ptr(libc::gnu_get_libc_version()) };
    format!("glibc {}", version.to_string_lossy())
}

#[cfg(not(target_env = "gnu"))]
fn c_library() -> String {
    "another one".to_owned()
}

#[cfg(target_arch = "x86_64")]
fn vectors() -> &'static str {
    let known =
        [("avx512", std::arch::is_x86_feature_detected!("avx512f")), ("avx2", std::arch::is_x86_feature_detected!("avx2"))];
    known.iter().find(|(_, found)| *found).map_or("sse2", |(name, _)| name)
}

#[cfg(not(target_arch = "x86_64"))]
fn vectors() -> &'static str {
    std::env::consts::ARCH
}
