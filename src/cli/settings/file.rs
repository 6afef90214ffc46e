//! A settings file with the place of each value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::origin::{Origin, Setting};
use super::project::Project;
use super::table::KEYS;
use crate::blueprint::document::{FieldPath, Node, Part, Value};
use crate::blueprint::load::load;
use crate::error::Result;

/// The values of one settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLayer {
    /// The file as it is shown.
    pub file: String,
    values: BTreeMap<&'static str, Setting>,
}

impl FileLayer {
    /// Checks a settings file and takes its values.
    ///
    /// # Errors
    /// All faults of the file at once, each with its line and column.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let file = path.display().to_string();
        let (_, document) = load::<Project>(&file, text)?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let values = KEYS
            .iter()
            .filter_map(|key| {
                let path = FieldPath::of_keys(key.name);
                let value = document.root().get(&path)?;
                let place = document.locate(&path, Part::Value, "");
                let (line, column) = (place.line, place.column);
                let origin = Origin::File { file: file.clone(), folder: folder.clone(), line, column };
                Some((key.name, Setting { key: key.name, text: written(value), origin }))
            })
            .collect();
        Ok(Self { file, values })
    }

    /// What the file says of a setting.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.values.get(key)
    }

    /// The files that may say something, nearest first: the project's, the user's, the system's.
    pub fn candidates(project: Option<PathBuf>, env: &super::env::Env) -> Vec<PathBuf> {
        let home = env.get("HOME").map(|home| Path::new(home).join(".config"));
        let user = env.get("XDG_CONFIG_HOME").map(PathBuf::from).or(home);
        let user = user.filter(|path| path.is_absolute()).map(|path| path.join("rapplan/config.toml"));
        let system = cfg!(unix).then(|| PathBuf::from("/etc/rapplan/config.toml"));
        [project, user, system].into_iter().flatten().collect()
    }
}

/// The value as the user wrote it, without quotes; lists are joined by commas.
fn written(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(yes) => yes.to_string(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(","),
        Value::Datetime | Value::Table(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_where_each_value_is() {
        let text = "blueprint = \"./my.toml\"\n[demand]\npartitions = 1_200\nrequire = [\"ha\", 'autoscaling']\n";
        let layer = FileLayer::parse(Path::new("../rapplan.toml"), text).unwrap();
        let partitions = layer.get("demand.partitions").unwrap();
        assert_eq!((partitions.text.as_str(), partitions.origin.to_string()), ("1200", "../rapplan.toml:3:14".into()));
        assert_eq!(layer.get("demand.require").unwrap().text, "ha,autoscaling");
        assert_eq!(layer.get("blueprint").unwrap().path(), Path::new(".././my.toml"));
        assert_eq!(layer.get("demand.rps"), None);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let error = FileLayer::parse(Path::new("rapplan.toml"), "[demand]\npartition = 3\n").unwrap_err();
        assert!(error.to_string().contains("rapplan.toml:2:1"), "{error}");
    }
}
