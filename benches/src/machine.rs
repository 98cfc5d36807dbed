//! What exact figures depend on besides the program: the compiler, and what of the machine decides which code runs.

use serde::{Deserialize, Serialize};

/// Where figures were measured. Instruction and allocation counts of equal machines can be compared exactly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

    /// For people.
    pub(crate) fn describe(&self) -> String {
        let Machine { compiler, build, c_library, vectors } = self;
        format!("{compiler}, {build}, {c_library}, {vectors}")
    }

    /// What is different from the machine of a baseline, as a sentence.
    pub(crate) fn difference(&self, baseline: &Machine) -> Option<String> {
        let all = [
            ("compiler", &self.compiler, &baseline.compiler),
            ("build", &self.build, &baseline.build),
            ("C library", &self.c_library, &baseline.c_library),
            ("vectors", &self.vectors, &baseline.vectors),
        ];
        let different = all.iter().filter(|(_, here, there)| here != there);
        let parts: Vec<String> = different.map(|(name, here, there)| format!("{name} {here} (baseline: {there})")).collect();
        if parts.is_empty() { None } else { Some(parts.join(", ")) }
    }
}

/// The processor's name, and how many of them there are.
pub(crate) fn processor() -> (String, usize) {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let name = name.map_or(std::env::consts::ARCH, |(_, name)| name);
    (name.trim().to_owned(), std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
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

/// Valgrind 3 shows a program AVX2 at most, so wider vectors change no count.
#[cfg(target_arch = "x86_64")]
fn vectors() -> &'static str {
    if std::arch::is_x86_feature_detected!("avx2") { "avx2" } else { "sse2" }
}

#[cfg(not(target_arch = "x86_64"))]
fn vectors() -> &'static str {
    std::env::consts::ARCH
}
