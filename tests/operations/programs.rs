//! shellcheck, bash, systemd and Markdown readers on what is rendered.
