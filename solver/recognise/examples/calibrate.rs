//! Fits the weights of `calibration` on labelled texts, and says how well they hold on texts they were
//! not fitted on: `cargo run --release -p boucle-recognise --example calibrate -- FILE...`.
//!
//! Logistic regression with a ridge of one on standardised signs, by Newton's method. Every tenth text
//! is left out in turn for the second table. Never give it the texts that are kept to measure.

use std::error::Error;

use boucle_domain::knowledge::Knowledge;
use boucle_recognise::Recogniser;
use boucle_recognise::evaluation::{ANSWER, NAMES, SIGNS, read, signs};

/// Signs and one column of ones.
const N: usize = SIGNS + 1;
/// Weight that pulls each coefficient towards nought.
const RIDGE: f64 = 1.0;
/// Parts of which one is left out in turn.
const FOLDS: usize = 10;

struct Sample {
    signs: [f64; N],
    right: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let knowledge = Knowledge::embedded()?;
    let recogniser = Recogniser::new(&knowledge, &[]);
    let mut samples = Vec::new();
    for file in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
        for row in read(&text, &knowledge) {
            let Some((signs, right)) = signs(&recogniser, &row) else {
                continue;
            };
            let mut all = [1.0; N];
            for (to, from) in all.iter_mut().zip(signs) {
                *to = f64::from(from);
            }
            samples.push(Sample { signs: all, right });
        }
    }
    if samples.is_empty() {
        return Err("usage: calibrate FILE...".into());
    }
    let weights = fitted(&samples.iter().collect::<Vec<_>>());
    for (name, weight) in NAMES.iter().zip(weights) {
        println!("{weight:6.2}  {name}");
    }
    println!("{:6.2}  without any sign", weights[SIGNS]);
    let mut left_out = Vec::new();
    for fold in 0..FOLDS {
        let part = |inside: bool| {
            let of_fold = move |at: &usize| (at % FOLDS == fold) == inside;
            (0..samples.len()).filter(of_fold).map(|at| &samples[at])
        };
        let weights = fitted(&part(false).collect::<Vec<_>>());
        left_out.extend(part(true).map(|one| (probability(&weights, &one.signs), one.right)));
    }
    println!("from    answers  right   (texts left out of the fit)");
    for from in [0.5, 0.6, 0.7, f64::from(ANSWER), 0.8, 0.9] {
        let answers = left_out.iter().filter(|(likely, _)| *likely >= from);
        let right = answers.clone().filter(|(_, right)| *right).count();
        let answers = answers.count();
        let share = right as f64 / answers.max(1) as f64;
        println!("{from:.2}    {answers:7}  {share:.3}");
    }
    Ok(())
}

fn probability(weights: &[f64; N], signs: &[f64; N]) -> f64 {
    let sum: f64 = weights.iter().zip(signs).map(|(w, s)| w * s).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Weights in the units of the signs; the last one stands without any sign.
fn fitted(samples: &[&Sample]) -> [f64; N] {
    let count = samples.len() as f64;
    let mut mean = [0.0; N];
    let mut deviation = [1.0; N];
    for at in 0..SIGNS {
        mean[at] = samples.iter().map(|one| one.signs[at]).sum::<f64>() / count;
        let square = |one: &&Sample| (one.signs[at] - mean[at]).powi(2);
        deviation[at] = (samples.iter().map(square).sum::<f64>() / count)
            .sqrt()
            .max(1e-9);
    }
    let standard = |one: &Sample| -> [f64; N] {
        std::array::from_fn(|at| (one.signs[at] - mean[at]) / deviation[at])
    };
    let rows: Vec<([f64; N], f64)> = samples
        .iter()
        .map(|one| (standard(one), f64::from(u8::from(one.right))))
        .collect();
    let mut weights = [0.0; N];
    for _ in 0..30 {
        let mut slope = [0.0; N];
        let mut curve = [[0.0; N]; N];
        for (signs, right) in &rows {
            let likely = probability(&weights, signs);
            for a in 0..N {
                slope[a] += (right - likely) * signs[a];
                for b in 0..N {
                    curve[a][b] += likely * (1.0 - likely) * signs[a] * signs[b];
                }
            }
        }
        for at in 0..SIGNS {
            slope[at] -= RIDGE * weights[at];
            curve[at][at] += RIDGE;
        }
        for (weight, step) in weights.iter_mut().zip(solved(curve, slope)) {
            *weight += step;
        }
    }
    let mut natural = weights;
    for at in 0..SIGNS {
        natural[at] = weights[at] / deviation[at];
        natural[SIGNS] -= natural[at] * mean[at];
    }
    natural
}

/// Gaussian elimination with the largest pivot of each column.
fn solved(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let largest = (column..N)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()));
        let pivot = largest.unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..N {
            let factor = matrix[row][column] / matrix[column][column];
            let above = matrix[column];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(column) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| matrix[row][at] * right[at]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
