//! What `langloom packs new` writes: a small pack that works, with an example.

/// Paths and texts. `NAME` stands for the name of the pack.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("pack.toml", include_str!("scaffold/pack.toml")),
    ("templates/overview.md.hbs", include_str!("scaffold/overview.md.hbs")),
    ("templates/type.ts.hbs", include_str!("scaffold/type.ts.hbs")),
    ("partials/signature.hbs", include_str!("scaffold/signature.hbs")),
    ("example/langium-config.json", include_str!("scaffold/langium-config.json")),
    ("example/example.langium", include_str!("scaffold/example.langium")),
];
