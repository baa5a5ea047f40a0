//! Points as the standard writes them: GeoJSON of longitude and latitude, or `longitude, latitude`.

use boucle_domain::geo::Point;

/// The points of a cell, in its order; none when it holds anything else.
pub(super) fn points(cell: &str) -> Vec<Point> {
    let numbers = match cell.split_once("\"coordinates\"") {
        // Rings of areas and lines of ways are no points.
        Some(_) if !cell.contains("Point\"") => return Vec::new(),
        Some((_, coordinates)) => numbers(coordinates),
        None if cell.contains('{') => return Vec::new(),
        None => numbers(cell),
    };
    numbers
        .chunks_exact(2)
        .map_while(|pair| Point::new(pair[1], pair[0]))
        .collect()
}

/// The numbers of a text, whatever stands between them.
fn numbers(text: &str) -> Vec<f64> {
    let of_number = |character: char| character.is_ascii_digit() || "+-.eE".contains(character);
    text.split(|character| !of_number(character))
        .filter_map(|number| number.parse().ok())
        .filter(|number: &f64| number.is_finite())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_in_each_way_the_standard_writes_them() {
        let read = |cell: &str| -> Vec<(f64, f64)> {
            points(cell)
                .iter()
                .map(|point| (point.latitude(), point.longitude()))
                .collect()
        };
        assert_eq!(read("3.9815, 49.2527"), [(49.2527, 3.9815)]);
        assert_eq!(
            read(r#"{"type": "MultiPoint", "coordinates": [[2.3626,51.0934], [4.1999,50.7230]]}"#),
            [(51.0934, 2.3626), (50.723, 4.1999)]
        );
        assert_eq!(
            read(r#"{"type":"Point","coordinates":[-1.5,47]}"#),
            [(47.0, -1.5)]
        );
        // An area, projected metres, words, half a pair.
        for cell in [
            r#"{"type": "Polygon", "coordinates": [[[2.1,50.1],[2.2,50.2]]]}"#,
            "656589.70, 6425785.32",
            "centre-ville",
            "2.5",
            "{",
            "",
        ] {
            assert_eq!(read(cell), [], "{cell}");
        }
    }
}
