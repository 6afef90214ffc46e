//! The pages of `docs/reference` are those that the program makes; `RAPPLAN_BLESS=1 cargo test --test reference` writes
//! them anew.
#![allow(clippy::disallowed_methods, reason = "the test reads and writes the pages")]

#[test]
fn the_pages_are_current() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let mut stale = Vec::new();
    for (name, text) in rapplan::cli::reference::pages().unwrap() {
        let path = folder.join(name);
        if std::env::var_os("RAPPLAN_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&*text) {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "{stale:?} differ from what the program makes; RAPPLAN_BLESS=1 writes them anew");
}

#[test]
fn every_error_has_a_page_with_its_title() {
    for code in rapplan::error::Code::ALL {
        let title = format!("# {}: {}\n", code.id(), code.title());
        assert!(code.page().starts_with(&title), "{code}");
    }
}
