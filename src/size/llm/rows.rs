//! Reading of the small tables in this folder.

/// The rows of a table: lines that are neither empty nor remarks, cut at commas into at most `columns` cells, so that the
/// last one may hold commas. Rows with fewer cells are left out.
pub(crate) fn rows(table: &'static str, columns: usize) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(move |line| line.splitn(columns, ',').map(str::trim).collect::<Vec<_>>())
        .filter(move |cells| cells.len() == columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_short_rows_are_left_out() {
        let got: Vec<_> = rows("# a,b\n\n1, 2,3\n4\n", 2).collect();
        assert_eq!(got, [["1", "2,3"]]);
    }
}
