use crate::harness::Sandbox;

#[test]
fn every_shell_gets_every_command() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.rapplan(&format!("completions {shell}")).stdout_text();
        for word in ["blueprints", "completions", "explain", "init", "--chdir", "--blueprint"] {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} lacks {word}");
        }
    }
}
