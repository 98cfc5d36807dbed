//! Arithmetic on paths, without looking at the disk: what Node's `path.resolve` and `path.relative` do.

use std::path::{Component, Path, PathBuf};

/// `path`, seen from the absolute folder `base`, without `.` and `..`. Symbolic links are not looked at.
pub(crate) fn resolve(base: &Path, path: impl AsRef<Path>) -> PathBuf {
    let joined = base.join(path);
    let mut resolved = PathBuf::with_capacity(joined.as_os_str().len());
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => resolved.push(component),
        }
    }
    resolved
}

/// The way from the absolute folder `base` to the absolute `path`, both without `.` and `..`; `path` itself if there is
/// none (another drive).
pub(crate) fn relative(base: &Path, path: &Path) -> PathBuf {
    let shared = base.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return path.to_owned();
    }
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_like_node() {
        for (base, path, expected) in [
            ("/a/b", "c", "/a/b/c"),
            ("/a/b", "./c/../d/", "/a/b/d"),
            ("/a/b", "../../../../x", "/x"),
            ("/a/b", "/x/./y", "/x/y"),
            ("/a/b", "", "/a/b"),
        ] {
            assert_eq!(resolve(Path::new(base), path), Path::new(expected), "{base} {path}");
        }
    }

    #[test]
    fn relative_is_the_way_back() {
        for (base, path, expected) in
            [("/a/b", "/a/b/c", "c"), ("/a/b", "/a/c", "../c"), ("/a/b", "/x", "../../x"), ("/", "/x", "x"), ("/a", "/a", "")]
        {
            assert_eq!(relative(Path::new(base), Path::new(path)), Path::new(expected), "{base} {path}");
        }
    }
}
