//! The files for operators: that they are right by the programs that read them, and that the scripts do what they say
//! with a stand-in for Docker.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests run programs on files")]

mod chatty;
mod programs;

#[test]
fn dump() {
    let out = std::path::Path::new("/tmp/ops-out");
    for (tier, tree) in chatty::all() {
        for (path, file) in tree.files {
            let path = out.join(tier).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file.text).unwrap();
        }
    }
}
