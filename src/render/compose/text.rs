//! Texts in a Compose file: Compose replaces `$NAME` and `${NAME}` in every value, so a dollar that is meant is doubled.

use crate::design::topology::{Part, Stack, Value};

/// A text as it stands.
pub fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// A variable that must be set; the message says what it is.
pub fn variable(stack: &Stack, name: &str) -> String {
    let means = stack.variables.iter().find(|variable| variable.name == name).map_or("", |v| v.means.as_str());
    // The message ends at the brace and is itself searched for variables.
    let plain: String = means.chars().map(|c| if "{}$\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let plain = if plain.trim().is_empty() { "set it in .env" } else { plain.trim() };
    format!("${{{name}:?{plain}}}")
}

/// A text that may depend on variables.
pub fn value(stack: &Stack, value: &Value) -> String {
    match value {
        Value::Literal(text) => literal(text),
        Value::Parts(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => literal(text),
                Part::Variable(name) => variable(stack, name),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_doubled() {
        assert_eq!(literal("a$b ${c} $(d) $$"), "a$$b $${c} $$(d) $$$$");
    }
}
