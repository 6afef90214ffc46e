//! Every field of a file with what is known of it, for `rapplan explain` and the reference page.

use super::shape::{Field, Shape, Shapes, Word};

/// A field of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDoc {
    /// Where it is; `*` stands for a name, `[]` for any item: `services.*.ports[].port`.
    pub path: String,
    /// Its type: `array of tables`, `bytes`, `word`.
    pub type_name: String,
    /// Whether it must be there, given that the table around it is.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// What stands in for it, as JSON.
    pub default: Option<String>,
    /// What it takes, with examples, where the type does not say it all.
    pub expected: Option<String>,
    /// The words that it takes, each with its meaning.
    pub words: Vec<Word>,
}

impl FieldDoc {
    /// The path as a user types it: names and items left out, `services.ports.port`.
    pub fn plain_path(&self) -> String {
        self.path.replace(".*", "").replace("[]", "")
    }
}

/// Every field, a table before what is in it.
pub fn fields(shapes: &Shapes) -> Vec<FieldDoc> {
    let mut walk = Walk { shapes, open: Vec::new(), out: Vec::new() };
    walk.inside("", &shapes.root);
    walk.out
}

struct Walk<'a> {
    shapes: &'a Shapes,
    /// Named shapes around the present one: a shape inside itself is listed once.
    open: Vec<&'a str>,
    out: Vec<FieldDoc>,
}

impl<'a> Walk<'a> {
    fn inside(&mut self, path: &str, shape: &'a Shape) {
        match shape {
            Shape::Named(name) => {
                if let Some(shape) = self.shapes.named.get(name).filter(|_| !self.open.contains(&name.as_str())) {
                    self.open.push(name);
                    self.inside(path, shape);
                    self.open.pop();
                }
            }
            Shape::Struct { fields, .. } => {
                for (name, field) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.field(&path, field);
                    self.inside(&path, &field.shape);
                }
            }
            Shape::Map(of) => self.inside(&format!("{path}.*"), of),
            Shape::List(of) => self.inside(&format!("{path}[]"), of),
            Shape::Either(all) => all.iter().for_each(|one| self.inside(path, one)),
            _ => {}
        }
    }

    fn field(&mut self, path: &str, field: &Field) {
        let innermost = match self.shapes.resolve(&field.shape) {
            Shape::List(of) | Shape::Map(of) => self.shapes.resolve(of),
            shape => shape,
        };
        self.out.push(FieldDoc {
            path: path.to_owned(),
            type_name: self.shapes.type_name(&field.shape),
            required: field.required,
            description: field.description.clone(),
            default: field.default.clone(),
            expected: self.shapes.expected(&field.shape),
            words: if let Shape::Words(words) = innermost { words.clone() } else { Vec::new() },
        });
    }
}
