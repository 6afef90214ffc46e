//! How quantities enter TOML and JSON and leave them, and what the JSON Schema says of them.
//!
//! In: a text with its unit, or a bare number where the unit is plain. Out: the base unit as a number, so that programs
//! need no parser; the key that holds it names the unit (`memory_bytes`).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{
    Bytes, CalendarMonth, Cores, Count, Growth, Months, Price, Range, Rate, Share, Span, Unit, UnitError, Usd,
};

/// Reads a quantity of unit `U`, alone or as a range.
struct UnitVisitor<U, T>(PhantomData<(U, T)>);

impl<U: Unit, T: FromStr<Err = UnitError>> Visitor<'_> for UnitVisitor<U, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(U::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

macro_rules! unit_serde {
    ($($unit:ident serialized as $kind:literal by $out:expr;)*) => {$(
        impl<'de> Deserialize<'de> for $unit {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(UnitVisitor::<$unit, $unit>(PhantomData))
            }
        }

        impl Serialize for $unit {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let out: fn(&$unit) -> _ = $out;
                out(self).serialize(serializer)
            }
        }

        impl JsonSchema for $unit {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($unit).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                if generator.contract().is_serialize() {
                    return json_schema!({ "type": $kind, "format": $unit::FORMAT });
                }
                let types = if $unit::BARE_NUMBER { vec!["string", "number"] } else { vec!["string"] };
                json_schema!({ "type": types, "format": $unit::FORMAT })
            }
        }
    )*};
}

unit_serde! {
    Bytes serialized as "integer" by |v| v.0;
    CalendarMonth serialized as "string" by |v| v.to_string();
    Cores serialized as "number" by |v| v.as_f64();
    Count serialized as "integer" by |v| v.0;
    Growth serialized as "string" by |v| v.to_string();
    Months serialized as "integer" by |v| v.0;
    Price serialized as "number" by |v| v.as_f64();
    Rate serialized as "number" by |v| v.as_f64();
    Share serialized as "number" by |v| v.as_f64();
    Span serialized as "string" by |v| v.to_string();
    Usd serialized as "number" by |v| v.0 as f64 / 100.0;
}

impl<'de, T: Unit + Copy + PartialOrd> Deserialize<'de> for Range<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UnitVisitor::<T, Self>(PhantomData))
    }
}

impl<T: Unit + Copy + PartialEq> Serialize for Range<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<T: Unit> JsonSchema for Range<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Range_of_{}", T::FORMAT).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let types = match generator.contract().is_serialize() || !T::BARE_NUMBER {
            true => vec!["string"],
            false => vec!["string", "number"],
        };
        json_schema!({ "type": types, "format": format!("{}-range", T::FORMAT) })
    }
}
