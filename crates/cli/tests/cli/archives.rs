//! Packs in archives, which may come from strangers: what is read of them, and what is refused.

use std::fs;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::packs::{manifest, project, refused};
use crate::support::Scratch;

/// A project that takes its pack from `archive` and writes it to `out`.
fn use_archive(scratch: &Scratch, archive: &str, out: &str) {
    scratch.write("langloom.toml", format!("[packs.p]\nfrom = \"./{archive}\"\nout = \"{out}\"\n"));
}

#[test]
fn tar_archives() {
    let scratch = project("path = \"f.txt\"", "from an archive");
    let pack = "tar -czf good.tgz pack && mv pack moved && (cd moved && tar -czf ../flat.tar.gz pack.toml templates)";
    scratch.bash(pack).succeeded();
    for archive in ["good.tgz", "flat.tar.gz"] {
        use_archive(&scratch, archive, "out");
        scratch.run(["generate", "--no-cache"]).succeeded();
        assert_eq!(scratch.read("out/f.txt"), "from an archive\n");
    }
    for (make, message) in [
        ("tar -czf bad.tgz -P moved/pack.toml ../../../../../../../etc/hostname", "must stay in its folder"),
        ("tar -czf bad.tgz -P moved/pack.toml /etc/hostname", "it is absolute"),
        ("ln -sf /etc/hostname moved/link && tar -czf bad.tgz moved", "is a link"),
        ("rm -f moved/link && ln -f moved/pack.toml moved/hard && tar -czf bad.tgz moved", "is a link"),
        ("rm -f moved/hard && touch moved/A moved/a && tar -czf bad.tgz moved", "have the same place"),
        ("rm -f moved/A moved/a && touch moved/nul.txt && tar -czf bad.tgz moved", "is the name of a device"),
        ("mv moved/nul.txt 'moved/a\\\\b' && tar -czf bad.tgz moved", "separates folders on Windows"),
        ("rm moved/a* && mkfifo moved/fifo && tar -czf bad.tgz moved", "neither a file nor a folder"),
        ("rm -f moved/fifo && tar -czf bad.tgz moved/templates", "there is no pack.toml in it"),
        ("head -c 100 good.tgz > bad.tgz", "it is no tar.gz archive"),
        ("echo PK > bad.tgz", "it is no zip archive"),
        ("head -c 40000000 /dev/zero > moved/big && tar -czf bad.tgz moved", "is larger than 32 MB"),
    ] {
        scratch.bash(make).succeeded();
        use_archive(&scratch, "bad.tgz", "out2");
        refused(&scratch.run(["generate", "--no-cache"]), 2, message);
        assert!(!scratch.path("out2").exists());
    }
}

/// A zip archive of these files.
fn zip<'f>(files: impl IntoIterator<Item = (&'f str, Vec<u8>)>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let mode = if path.ends_with(".sh") { 0o755 } else { 0o644 };
        archive.start_file(path, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The files of a pack, all of them below `folder`.
fn pack(folder: &str) -> Vec<(String, Vec<u8>)> {
    let manifest = manifest("path = \"f.txt\"\n[static.s]\nto = \".\"");
    let files: [(&str, &[u8]); 4] = [
        ("pack.toml", manifest.as_bytes()),
        ("templates/t.hbs", b"from a zip"),
        ("static/run.sh", b"#!/bin/sh\n"),
        ("static/binary", b"\0\xff\r\n"),
    ];
    files.into_iter().map(|(path, bytes)| (format!("{folder}{path}"), bytes.to_vec())).collect()
}

fn zip_pack(folder: &str, more: Vec<(&str, Vec<u8>)>) -> Vec<u8> {
    let files = pack(folder);
    zip(files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).chain(more))
}

#[test]
fn zip_archives() {
    let scratch = project("path = \"f.txt\"", "");
    for (archive, folder) in [("flat.zip", ""), ("folder.zip", "pack-1.0/")] {
        scratch.write(archive, zip_pack(folder, Vec::new()));
        use_archive(&scratch, archive, archive.trim_end_matches(".zip"));
        scratch.run(["generate", "--no-cache"]).succeeded();
        let out = scratch.path(archive.trim_end_matches(".zip"));
        assert_eq!(fs::read(out.join("f.txt")).unwrap(), b"from a zip\n");
        assert_eq!(fs::read(out.join("binary")).unwrap(), b"\0\xff\r\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let is_program = |name: &str| fs::metadata(out.join(name)).unwrap().permissions().mode() & 0o100 != 0;
            assert!(is_program("run.sh") && !is_program("binary") && !is_program("f.txt"));
        }
    }
}

#[test]
fn zip_archives_of_strangers() {
    let link = || {
        let mut archive = ZipWriter::new_append(Cursor::new(zip_pack("", Vec::new()))).unwrap();
        archive.add_symlink("static/link", "/etc/hostname", SimpleFileOptions::default()).unwrap();
        archive.finish().unwrap().into_inner()
    };
    let with = |path: &str| zip_pack("", vec![(path, b"x".to_vec())]);
    let zeros = |megabytes: usize| vec![0; megabytes << 20];
    let many: Vec<String> = (0..10_000).map(|number| format!("static/{number}")).collect();
    let parts: Vec<String> = (0..9).map(|number| format!("static/{number}")).collect();
    let mut cut = zip_pack("", Vec::new());
    cut.truncate(cut.len() - 30);
    let scratch = project("path = \"f.txt\"", "");
    for (archive, message) in [
        (with("../f"), "must stay in its folder"),
        (with("static/../../f"), "must stay in its folder"),
        (with("/etc/f"), "it is absolute"),
        (with("..\\f"), "separates folders on Windows"),
        (with("C:/f"), "`:`"),
        (with("static/NUL"), "is the name of a device"),
        (with("static/con.ts"), "is the name of a device"),
        (with("static/RUN.sh"), "have the same place"),
        (with("static/binary/f"), "have the same place"),
        (link(), "is a link"),
        (cut, "it is no zip archive that can be read"),
        (zip([("static/f", Vec::new())]), "there is no pack.toml in it"),
        (zip_pack("", vec![("static/big", zeros(33))]), "is larger than 32 MB"),
        (zip_pack("", parts.iter().map(|path| (path.as_str(), zeros(30))).collect()), "all of it is larger than 256 MB"),
        (zip_pack("", many.iter().map(|path| (path.as_str(), Vec::new())).collect()), "more than 10000 files"),
    ] {
        scratch.write("bad.zip", archive);
        use_archive(&scratch, "bad.zip", "out");
        let before = scratch.files();
        refused(&scratch.run(["generate", "--no-cache"]), 2, message);
        assert_eq!(scratch.files(), before, "{message}");
    }
}
