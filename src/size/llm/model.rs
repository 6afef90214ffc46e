//! The shape of a language model: what its memory follows from.

use std::sync::LazyLock;

use super::dtype::Dtype;
use super::rows::rows;
use crate::blueprint::model::Model;

/// Shapes of a decoder-only transformer. Counts are of the whole model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// Name of the model: `EleutherAI/polyglot-ko-5.8b`.
    pub name: String,
    /// Class that runs it, as `architectures` of its config.json says; empty when it is not known.
    pub class: String,
    /// Layers.
    pub layers: u64,
    /// Size of the hidden state.
    pub hidden: u64,
    /// Size of the feed-forward layers; absent when it is not known.
    pub intermediate: Option<u64>,
    /// Attention heads.
    pub heads: u64,
    /// Heads that keys and values are kept for.
    pub kv_heads: u64,
    /// Size of one head.
    pub head_size: u64,
    /// Words of the vocabulary; absent when it is not known.
    pub vocab: Option<u64>,
    /// Whether input and output share one embedding.
    pub tied: bool,
    /// Longest sequence, in tokens.
    pub context: u64,
    /// Parameters.
    pub parameters: u64,
    /// What its files are in.
    pub dtype: Dtype,
    /// Where the shapes were seen.
    pub source: String,
}

static TABLE: LazyLock<Vec<Architecture>> =
    LazyLock::new(|| rows(include_str!("models.csv"), 14).filter_map(read).collect());

fn read(cells: Vec<&str>) -> Option<Architecture> {
    let [name, class, layers, hidden, intermediate, heads, kv, head, vocab, tied, context, parameters, dtype, seen] =
        cells.try_into().ok()?;
    Some(Architecture {
        name: name.to_owned(),
        class: class.to_owned(),
        layers: layers.parse().ok()?,
        hidden: hidden.parse().ok()?,
        intermediate: Some(intermediate.parse().ok()?),
        heads: heads.parse().ok()?,
        kv_heads: kv.parse().ok()?,
        head_size: head.parse().ok()?,
        vocab: Some(vocab.parse().ok()?),
        tied: tied == "yes",
        context: context.parse().ok()?,
        parameters: parameters.parse().ok()?,
        dtype: Dtype::named(dtype)?,
        source: format!("{seen}; 2026-11-21"),
    })
}

/// Every model of the table.
pub fn models() -> &'static [Architecture] {
    &TABLE
}

/// A name without what does not change the shapes: the organisation, `Meta-` and the endings for tuned variants.
fn stem(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    let last = lower.rsplit('/').next().unwrap_or_default();
    let last = last.strip_prefix("meta-").unwrap_or(last);
    let endings = ["-instruct", "-it", "-hf", "-chat"];
    endings.into_iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last).replace("-instruct-", "-")
}

/// The model of that name.
pub fn named(name: &str) -> Option<&'static Architecture> {
    let wanted = stem(name);
    TABLE.iter().find(|model| stem(&model.name) == wanted)
}

impl Architecture {
    /// The shapes that a blueprint gives, and where it is silent those of the table.
    ///
    /// # Errors
    /// The fields of `model` that are missing, when neither says them.
    pub fn of(model: &Model) -> Result<Self, Vec<&'static str>> {
        let row = named(&model.name);
        let mut missing = Vec::new();
        let mut take = |field: &'static str, given: Option<u64>, of_row: fn(&Self) -> u64| {
            given.or(row.map(of_row)).filter(|value| *value > 0).unwrap_or_else(|| {
                missing.push(field);
                0
            })
        };
        let parameters =
            take("parameters", row.is_none().then_some(model.parameters).flatten().map(|n| n.0), |row| row.parameters);
        let layers = take("layers", model.layers.map(u64::from), |row| row.layers);
        let hidden = take("hidden_size", model.hidden_size.map(u64::from), |row| row.hidden);
        let heads = take("heads", model.heads.map(u64::from), |row| row.heads);
        let context = take("context", model.context.map(u64::from), |row| row.context);
        if !missing.is_empty() {
            return Err(missing);
        }
        let kv_heads = model.kv_heads.map(u64::from).or(row.map(|row| row.kv_heads)).unwrap_or(heads);
        let head_size =
            model.head_size.map(u64::from).or(row.map(|row| row.head_size)).unwrap_or(hidden / heads.max(1));
        let of_bytes = match model.bytes_per_parameter {
            Some(4) => Dtype::Float32,
            _ => Dtype::Float16,
        };
        let dtype = model.dtype.as_deref().and_then(Dtype::named).or(row.map(|row| row.dtype)).unwrap_or(of_bytes);
        Ok(Self {
            name: model.name.clone(),
            class: model.class.clone().or(row.map(|row| row.class.clone())).unwrap_or_default(),
            layers,
            hidden,
            intermediate: model.intermediate_size.map(u64::from).or(row.and_then(|row| row.intermediate)),
            heads,
            kv_heads,
            head_size,
            vocab: row.and_then(|row| row.vocab),
            tied: row.is_some_and(|row| row.tied),
            context,
            parameters,
            dtype,
            source: row.map_or_else(|| "the blueprint".to_owned(), |row| row.source.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Count;

    /// Parameters counted from the shapes: embeddings, attention, feed-forward, norms.
    fn counted(m: &Architecture) -> u64 {
        let (h, q, kv) = (m.hidden, m.heads * m.head_size, m.kv_heads * m.head_size);
        let i = m.intermediate.unwrap();
        let embeddings = m.vocab.unwrap() * h * if m.tied { 1 } else { 2 };
        let attention = 2 * h * q + 2 * h * kv;
        match m.class.as_str() {
            // Every matrix has a bias, norms have two vectors, and the feed-forward has no gate.
            "GPTNeoXForCausalLM" => embeddings + m.layers * (attention + 4 * h + 2 * h * i + i + h + 4 * h) + 2 * h,
            class => {
                let norms = if class == "Gemma2ForCausalLM" { 4 } else { 2 };
                let biases = if class == "Qwen2ForCausalLM" { q + 2 * kv } else { 0 };
                embeddings + m.layers * (attention + biases + 3 * h * i + norms * h) + h
            }
        }
    }

    #[test]
    fn the_shapes_give_the_parameters() {
        let lines = include_str!("models.csv").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(models().len(), lines);
        for model in models() {
            assert_eq!(counted(model), model.parameters, "{}", model.name);
        }
    }

    #[test]
    fn variants_have_the_shapes_of_their_model() {
        for name in ["meta-llama/Meta-Llama-3.1-8B", "Llama-3.1-8B-Instruct", "META-LLAMA/llama-3.1-8b"] {
            assert_eq!(named(name).map(|m| m.layers), Some(32), "{name}");
        }
        assert!(named("mistralai/Mistral-7B-v0.3").is_some());
        assert!(named("").is_none() && named("gpt-5").is_none());
    }

    #[test]
    fn a_blueprint_fills_in_or_overrides() {
        let mut model = Model { name: "my/model".to_owned(), parameters: Some(Count(1_000)), ..Model::default() };
        assert_eq!(Architecture::of(&model), Err(vec!["layers", "hidden_size", "heads", "context"]));
        model = Model { layers: Some(2), hidden_size: Some(64), heads: Some(4), context: Some(128), ..model };
        let got = Architecture::of(&model).unwrap();
        assert_eq!((got.kv_heads, got.head_size, got.dtype), (4, 16, Dtype::Float16));
        let known = Model {
            name: "EleutherAI/polyglot-ko-5.8b".to_owned(),
            parameters: Some(Count(5_800_000_000)),
            ..Model::default()
        };
        // The exact count of the table, not the rounded one of the name.
        assert_eq!(Architecture::of(&known).unwrap().parameters, 5_885_059_072);
    }
}
